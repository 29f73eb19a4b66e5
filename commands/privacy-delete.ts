import type { Subcommand } from '../src/discord/command.ts';

export const privacyDelete: Subcommand = {
  name: 'delete',
  async run(use, context, t) {
    await context.cloning.forgetPerson(use);
    return t('privacy.deleted');
  },
};
