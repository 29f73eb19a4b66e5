import { UserError } from '../src/errors.ts';
import { type SlashCommand, slash } from '../src/discord/command.ts';

export const pause: SlashCommand = {
  data: slash('pause'),
  async run(use, context, t) {
    const session = context.sessionOfCaller(use);
    if (session.paused) return t('pause.already');
    const { current } = session.lines;
    const others = current !== null && current.userId !== use.user.id;
    if (others && !(await context.maySilenceOthers(use))) throw new UserError('moderators-only');
    session.pause();
    return t('pause.done');
  },
};
