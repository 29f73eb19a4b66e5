import { type SlashCommand, slash } from '../src/discord/command.ts';

export const resume: SlashCommand = {
  data: slash('resume'),
  run(use, context, t) {
    const session = context.sessionOfCaller(use);
    if (!session.paused) return t('resume.not-paused');
    session.resume();
    return t('resume.done');
  },
};
