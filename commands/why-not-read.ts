import { type MessageMenu, menuData } from '../src/discord/interaction/command.ts';

/** The menu entry "Why not read?" tells why the bot did not read a message. */
export const whyNotRead: MessageMenu = {
  data: menuData('why-not-read'),
  async menu(interaction, services, t) {
    const { key, params } = await services.why.toMenu(interaction, interaction.targetMessage);
    return t(key, params);
  },
};
