import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/privacy export` sends everything that the bot keeps of the caller as a JSON file. */
export const privacyExport: Subcommand = {
  name: 'export',
  async run(interaction, services, t) {
    const all = await services.store.exportPerson(interaction.user.id);
    const bytes = Buffer.from(`${JSON.stringify(all, null, 2)}\n`);
    return { text: t('privacy.exported'), files: [{ name: 'parrotfish-my-data.json', bytes }] };
  },
};
