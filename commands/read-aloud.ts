import { type MessageMenu, menuData } from '../src/discord/command.ts';

export const readAloud: MessageMenu = {
  data: menuData('read-aloud'),
  async menu(use, context, t) {
    const { session, before, cut } = await context.comings.speak(use, () =>
      context.lineOfMessage(use, use.targetMessage),
    );
    await session.joined;
    const answer = context.queued(session, before, t);
    return cut ? `${answer}\n${t('say.cut')}` : answer;
  },
};
