import { type SlashCommand, slash } from '../src/discord/command.ts';

export const stop: SlashCommand = {
  data: slash('stop'),
  async run(use, context, t) {
    const session = context.sessionOfCaller(use);
    const all = await context.maySilenceOthers(use);
    const count = session.stop(all ? undefined : use.user.id);
    if (count > 0) return t(all ? 'stop.done' : 'stop.own', { count });
    return t(all || !session.lines.current ? 'nothing-said' : 'moderators-only');
  },
};
