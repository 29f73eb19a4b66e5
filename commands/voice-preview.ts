import { completeVoice, type Subcommand, textOption, voiceOption } from '../src/discord/command.ts';

export const voicePreview: Subcommand = {
  name: 'preview',
  options: [voiceOption({ required: true }), textOption('text', { maxLength: 500 })],
  complete: completeVoice,
  async run(use, context, t) {
    const voice = await context.voices.checked(use, use.options.getString('voice', true));
    const text = use.options.getString('text')?.trim() || undefined;
    return await context.preview(use, { voice, text }, t);
  },
};
