import { type Command, slash } from '../src/discord/command.ts';

export const skip: Command = {
  data: slash('skip', 'Skip what I am saying now'),
  run(use, context) {
    const skipped = context.sessionOfCaller(use).skip();
    return skipped ? 'Skipped.' : 'I was not saying anything.';
  },
};
