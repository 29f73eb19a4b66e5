import { type MessageMenu, menuData } from '../src/discord/command.ts';

export const whyNotRead: MessageMenu = {
  data: menuData('why-not-read'),
  async menu(use, context, t) {
    return t(`why.${await context.reader.why(use.targetMessage, use)}`);
  },
};
