import type { Subcommand } from '../src/discord/interaction/command.ts';

export const settingsExport: Subcommand = {
  name: 'export',
  async run(interaction, services, t) {
    const bytes = await services.settingsFiles.exportFile(interaction);
    return { text: t('settings.exported'), files: [{ name: 'parrotfish-settings.json', bytes }] };
  },
};
