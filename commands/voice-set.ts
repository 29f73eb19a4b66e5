import type { Subcommand } from '../src/discord/interaction/command.ts';
import { completeVoice } from '../src/discord/interaction/complete-voice.ts';
import { choiceOption, numberOption, voiceOption } from '../src/discord/interaction/options.ts';
import { UserError } from '../src/errors.ts';

const LATENCIES = ['low', 'balanced', 'normal'] as const;

/** `/voice set` sets the caller's own voice in this guild, and how fast, loud and lively it speaks. */
export const voiceSet: Subcommand = {
  name: 'set',
  options: [
    voiceOption({ required: true }),
    numberOption('speed', { min: 0.5, max: 2 }),
    numberOption('volume', { min: -20, max: 20 }),
    numberOption('temperature', { min: 0, max: 1 }),
    choiceOption('latency', LATENCIES, 'setting.latency'),
  ],
  complete: completeVoice,
  async run(interaction, services, t) {
    const { settings } = await services.known(interaction);
    const chosen = {
      speed: interaction.options.getNumber('speed'),
      volume: interaction.options.getNumber('volume'),
      temperature: interaction.options.getNumber('temperature'),
      latency: LATENCIES.find(latency => latency === interaction.options.getString('latency')) ?? null,
    };
    for (const name of ['speed', 'volume', 'temperature'] as const) {
      const [low, high] = settings.bounds[name];
      const value = chosen[name];
      if (value !== null && (value < low || value > high))
        throw new UserError(low === high ? `voice.${name}-fixed` : `voice.${name}-bounds`, { low, high });
    }
    // An option that the caller leaves out keeps the value that they chose earlier.
    const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== null));
    const voice = await services.voices.checkedId(interaction, interaction.options.getString('voice', true));
    await services.ownVoices.take(interaction, voice, given);
    const all = `${t('voice.set')}\n${await services.ownVoices.sheet(interaction, t)}`;
    return all + services.voices.uncheckedNote(voice, t);
  },
};
