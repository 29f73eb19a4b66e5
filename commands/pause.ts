import { type SlashCommand, slash } from '../src/discord/command.ts';

export const pause: SlashCommand = {
  data: slash('pause'),
  run(use, context, t) {
    const session = context.sessionOfCaller(use);
    if (session.paused) return t('pause.already');
    session.pause();
    return t('pause.done');
  },
};
