import type { Subcommand } from '../src/discord/command.ts';

export const privacyDelete: Subcommand = {
  name: 'delete',
  async run(use, context, t) {
    await context.store.deletePerson(use.user.id);
    return t('privacy.deleted');
  },
};
