import { type MessageMenu, menuData } from '../src/discord/command.ts';

export const readAloud: MessageMenu = {
  data: menuData('read-aloud'),
  async menu(use, context, t) {
    const { line, cut } = await context.lineOfMessage(use, use.targetMessage);
    const session = context.enter(use, null);
    const before = session.say(line);
    await session.joined;
    const answer =
      before === 0 ? t('say.speaking', { channel: `<#${session.channelId}>` }) : t('say.queued', { before });
    return cut ? `${answer}\n${t('say.cut')}` : answer;
  },
};
