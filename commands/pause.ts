import { UserError } from '../src/errors.ts';
import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

/** `/pause` stops the speech until `/resume`, without losing any of it. */
export const pause: SlashCommand = {
  data: slash('pause'),
  async run(interaction, services, t) {
    const session = services.callers.steers(interaction);
    if (session.paused) return t('pause.already');
    const { current } = session.lines;
    const others = current !== null && current.userId !== interaction.user.id;
    if (others && !(await services.callers.maySilenceOthers(interaction)))
      throw new UserError('moderators-only');
    session.pause();
    return t('pause.done');
  },
};
