import { UserError } from '../src/errors.ts';
import { type SlashCommand, slash } from '../src/discord/command.ts';

export const leave: SlashCommand = {
  data: slash('leave'),
  public: true,
  async run(use, context, t) {
    const session = context.sessionOfCaller(use);
    const { current, waiting } = session.lines;
    const others = [current, ...waiting].some(line => line && line.userId !== use.user.id);
    if (others && !(await context.maySilenceOthers(use))) throw new UserError('moderators-only');
    const { channelId } = session;
    const kept = context.rooms.sentAway(use.guildId);
    session.close();
    await Promise.all([session.ended, kept]);
    return t('leave.done', { channel: `<#${channelId}>` });
  },
};
