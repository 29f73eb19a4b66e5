import type { Subcommand } from '../src/discord/interaction/command.ts';

export const settingsExport: Subcommand = {
  name: 'export',
  async run(use, services, t) {
    const bytes = await services.settingsFiles.exportFile(use);
    return { text: t('settings.exported'), files: [{ name: 'parrotfish-settings.json', bytes }] };
  },
};
