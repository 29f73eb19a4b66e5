import type { Subcommand } from '../src/discord/interaction/command.ts';
import { completeVoice } from '../src/discord/interaction/complete-voice.ts';
import { textOption, voiceOption } from '../src/discord/interaction/options.ts';

/** `/voice preview` lets the caller hear a voice before they choose it. */
export const voicePreview: Subcommand = {
  name: 'preview',
  options: [voiceOption({ required: true }), textOption('text', { maxLength: 500 })],
  complete: completeVoice,
  async run(interaction, services, t) {
    const voice = await services.voices.checkedId(interaction, interaction.options.getString('voice', true));
    const text = interaction.options.getString('text')?.trim() || undefined;
    return await services.previews.hear(interaction, { voice, text }, t);
  },
};
