import { type SlashCommand, slash } from '../src/discord/command.ts';

export const stop: SlashCommand = {
  data: slash('stop'),
  async run(use, context, t) {
    const session = context.sessionOfCaller(use);
    const mayAll = context.maySilenceOthers(use);
    const count = await context.comings.stop(
      session,
      mayAll.then(all => (all ? null : use.user.id)),
    );
    const all = await mayAll;
    if (count > 0) return t(all ? 'stop.done' : 'stop.own', { count });
    return t(all || !session.lines.current ? 'nothing-said' : 'moderators-only');
  },
};
