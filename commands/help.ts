import { type SlashCommand, slash } from '../src/discord/command.ts';

export const help: SlashCommand = {
  data: slash('help'),
  run(use, context, t) {
    const lines = context.commands.map(({ data }) => {
      if (!('description' in data))
        return `**${data.name_localizations?.[use.locale] ?? data.name}** ${t('help.menu')}`;
      return `\`/${data.name}\`: ${data.description_localizations?.[use.locale] ?? data.description}`;
    });
    return [t('help.head'), ...lines].join('\n');
  },
};
