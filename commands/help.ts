import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

export const help: SlashCommand = {
  data: slash('help'),
  run(use, services, t) {
    const lines = services.menu.map(data => {
      if (!('description' in data))
        return `**${data.name_localizations?.[use.locale] ?? data.name}** ${t('help.menu')}`;
      return `\`/${data.name}\`: ${data.description_localizations?.[use.locale] ?? data.description}`;
    });
    return [t('help.head'), ...lines].join('\n');
  },
};
