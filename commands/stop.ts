import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

/** `/stop` silences the bot and empties the queue. Callers who may not silence others stop only their own lines. */
export const stop: SlashCommand = {
  data: slash('stop'),
  async run(interaction, services, t) {
    const session = services.callers.steers(interaction);
    const mayAll = services.callers.maySilenceOthers(interaction);
    const count = await services.callRequests.stop(
      session,
      mayAll.then(all => (all ? null : interaction.user.id)),
    );
    const all = await mayAll;
    if (count > 0) return t(all ? 'stop.done' : 'stop.own', { count });
    return t(all || !session.lines.current ? 'nothing-said' : 'moderators-only');
  },
};
