import { type MessageMenu, menuData } from '../src/discord/command.ts';

export const whyNotRead: MessageMenu = {
  data: menuData('why-not-read'),
  async menu(use, context, t) {
    const { key, params } = await context.whyOf(use.targetMessage, use);
    return t(key, params);
  },
};
