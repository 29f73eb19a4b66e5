import { type Command, slash } from '../src/discord/command.ts';

export const pause: Command = {
  data: slash('pause', 'Pause my speech; nothing is lost'),
  run(use, context) {
    const session = context.sessionOfCaller(use);
    if (session.paused) return 'I am already paused. Use `/resume` to go on.';
    session.pause();
    return 'Paused. Use `/resume` to go on.';
  },
};
