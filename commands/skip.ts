import { UserError } from '../src/errors.ts';
import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

/**
 * `/skip` ends the line that is being said. Other people's lines can be skipped only by those who may silence others.
 */
export const skip: SlashCommand = {
  data: slash('skip'),
  async run(interaction, services, t) {
    const session = services.callers.steers(interaction);
    const { current } = session.lines;
    if (!current) return t('nothing-said');
    const mine = current.userId === interaction.user.id || current.speakerId === interaction.user.id;
    if (!mine && !(await services.callers.maySilenceOthers(interaction)))
      throw new UserError('moderators-only');
    // The question above took a moment. By now the bot may be saying another person's line, which must not be skipped.
    if (session.lines.current === current) session.skip();
    return t('skip.done');
  },
};
