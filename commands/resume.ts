import { type Command, slash } from '../src/discord/command.ts';

export const resume: Command = {
  data: slash('resume', 'Go on speaking after a pause'),
  run(use, context) {
    const session = context.sessionOfCaller(use);
    if (!session.paused) return 'I was not paused.';
    session.resume();
    return 'Going on.';
  },
};
