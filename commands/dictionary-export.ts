import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/dictionary export` sends the guild's dictionary as a JSON file. */
export const dictionaryExport: Subcommand = {
  name: 'export',
  async run(interaction, services, t) {
    const bytes = await services.dictionary.exportFile(interaction);
    return { text: t('dictionary.exported'), files: [{ name: 'parrotfish-dictionary.json', bytes }] };
  },
};
