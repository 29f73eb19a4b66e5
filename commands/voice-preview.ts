import type { Subcommand } from '../src/discord/interaction/command.ts';
import { completeVoice } from '../src/discord/interaction/complete-voice.ts';
import { textOption, voiceOption } from '../src/discord/interaction/options.ts';

export const voicePreview: Subcommand = {
  name: 'preview',
  options: [voiceOption({ required: true }), textOption('text', { maxLength: 500 })],
  complete: completeVoice,
  async run(use, services, t) {
    const voice = await services.voices.checked(use, use.options.getString('voice', true));
    const text = use.options.getString('text')?.trim() || undefined;
    return await services.previews.hear(use, { voice, text }, t);
  },
};
