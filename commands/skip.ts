import { UserError } from '../src/errors.ts';
import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

export const skip: SlashCommand = {
  data: slash('skip'),
  async run(interaction, services, t) {
    const session = services.callers.steers(interaction);
    const { current } = session.lines;
    if (!current) return t('nothing-said');
    const mine = current.userId === interaction.user.id || current.speakerId === interaction.user.id;
    if (!mine && !(await services.callers.maySilenceOthers(interaction)))
      throw new UserError('moderators-only');
    // Asking took a moment: what is said by now may be somebody else's.
    if (session.lines.current === current) session.skip();
    return t('skip.done');
  },
};
