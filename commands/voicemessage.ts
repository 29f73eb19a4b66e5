import { UserError } from '../src/errors.ts';
import { completeVoice, type SlashCommand, slash, textOption, voiceOption } from '../src/discord/command.ts';

export const voicemessage: SlashCommand = {
  data: slash('voicemessage', [textOption('text', { required: true, maxLength: 2000 }), voiceOption()]),
  public: true,
  complete: completeVoice,
  async run(use, context, t) {
    const given = use.options.getString('voice')?.trim();
    const voice = given ? context.voices.chosen(use, given) : undefined;
    const { line, cut } = await context.line(use, use.options.getString('text', true), voice);
    const message = await context.voiceMessage(use, line);
    if (cut) void context.tellCaller(use, new UserError('say.cut')); // a voice message takes no words
    return { voice: message, otherwise: t('voicemessage.as-file') };
  },
};
