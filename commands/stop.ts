import { type Command, slash } from '../src/discord/command.ts';

export const stop: Command = {
  data: slash('stop', 'Silence me now and empty the queue'),
  run(use, context) {
    const dropped = context.sessionOfCaller(use).stop();
    if (dropped === 0) return 'I was not saying anything.';
    return dropped === 1 ? 'Silent. One line was dropped.' : `Silent. ${dropped} lines were dropped.`;
  },
};
