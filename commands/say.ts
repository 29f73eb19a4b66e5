import { completeVoice, type SlashCommand, slash, textOption, voiceOption } from '../src/discord/command.ts';

export const say: SlashCommand = {
  data: slash('say', [textOption('text', { required: true, maxLength: 2000 }), voiceOption()]),
  complete: completeVoice,
  async run(use, context, t) {
    const given = use.options.getString('voice')?.trim();
    const voice = given ? context.voices.chosen(use, given) : undefined;
    const { session, before, cut } = await context.comings.speak(use, () =>
      context.line(use, use.options.getString('text', true), voice),
    );
    await session.joined;
    const answer = context.queued(session, before, t);
    return cut ? `${answer}\n${t('say.cut')}` : answer;
  },
};
