import type { Subcommand } from '../src/discord/command.ts';

export const privacyExport: Subcommand = {
  name: 'export',
  async run(use, context, t) {
    const all = await context.store.exportPerson(use.user.id);
    const bytes = Buffer.from(`${JSON.stringify(all, null, 2)}\n`);
    return { text: t('privacy.exported'), files: [{ name: 'parrotfish-my-data.json', bytes }] };
  },
};
