import type { Subcommand } from '../src/discord/interaction/command.ts';
import { completeVoice } from '../src/discord/interaction/complete-voice.ts';
import { voiceOption } from '../src/discord/interaction/options.ts';

/** `/voice server` sets the voice of everybody in the guild who has chosen none. */
export const voiceServer: Subcommand = {
  name: 'server',
  admin: true,
  options: [voiceOption({ required: true })],
  complete: completeVoice,
  async run(interaction, services, t) {
    const voice = await services.voices.checkedId(interaction, interaction.options.getString('voice', true));
    services.cloning.checkForAll(voice);
    await services.store.saveSettings(interaction.guildId, { voice });
    return (
      t('voice.server', { voice: services.voices.shown(voice) }) + services.voices.uncheckedNote(voice, t)
    );
  },
};
