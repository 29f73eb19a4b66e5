import { isOfOthers } from '../src/discord/interaction/callers.ts';
import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { UserError } from '../src/errors.ts';

/** `/leave` sends the bot out of the voice channel. Only moderators may do so while other people's lines wait. */
export const leave: SlashCommand = {
  data: slash('leave'),
  public: true,
  async run(interaction, services, t) {
    const session = services.callers.steers(interaction);
    const { current, waiting } = session.conversation.lines;
    const others = [current, ...waiting].some(line => line && isOfOthers(line, interaction));
    if (others && !(await services.callers.maySilenceOthers(interaction)))
      throw new UserError('moderators-only');
    const { channelId } = session;
    await services.callRequests.leave(session);
    return t('leave.done', { channel: `<#${channelId}>` });
  },
};
