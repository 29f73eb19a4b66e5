import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

/** `/help` lists all commands and menu entries, each with its description in the caller's language. */
export const help: SlashCommand = {
  data: slash('help'),
  run(interaction, services, t) {
    const lines = services.menu.map(data => {
      if (!('description' in data))
        return `**${data.name_localizations?.[interaction.locale] ?? data.name}** ${t('help.menu')}`;
      return `\`/${data.name}\`: ${data.description_localizations?.[interaction.locale] ?? data.description}`;
    });
    return [t('help.head'), ...lines].join('\n');
  },
};
