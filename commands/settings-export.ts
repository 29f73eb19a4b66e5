import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/settings export` sends the guild's settings and its dictionary as a JSON file. */
export const settingsExport: Subcommand = {
  name: 'export',
  async run(interaction, services, t) {
    const bytes = await services.settingsFiles.exportFile(interaction);
    return { text: t('settings.exported'), files: [{ name: 'parrotfish-settings.json', bytes }] };
  },
};
