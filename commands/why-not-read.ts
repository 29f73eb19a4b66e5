import { menuData, type MessageMenu } from '../src/discord/interaction/command.ts';

export const whyNotRead: MessageMenu = {
  data: menuData('why-not-read'),
  async menu(interaction, services, t) {
    const { key, params } = await services.why.ofMenu(interaction, interaction.targetMessage);
    return t(key, params);
  },
};
