import type { Subcommand } from '../src/discord/command.ts';

export const settingsExport: Subcommand = {
  name: 'export',
  async run(use, context, t) {
    const bytes = context.files.settings.write(await context.known(use));
    return { text: t('settings.exported'), files: [{ name: 'parrotfish-settings.json', bytes }] };
  },
};
