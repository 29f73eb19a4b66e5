import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

export const stop: SlashCommand = {
  data: slash('stop'),
  async run(use, services, t) {
    const session = services.callers.steers(use);
    const mayAll = services.callers.maySilenceOthers(use);
    const count = await services.comings.stop(
      session,
      mayAll.then(all => (all ? null : use.user.id)),
    );
    const all = await mayAll;
    if (count > 0) return t(all ? 'stop.done' : 'stop.own', { count });
    return t(all || !session.lines.current ? 'nothing-said' : 'moderators-only');
  },
};
