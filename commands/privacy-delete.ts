import type { Subcommand } from '../src/discord/interaction/command.ts';

export const privacyDelete: Subcommand = {
  name: 'delete',
  async run(use, services, t) {
    await services.cloning.forgetPerson(use);
    return t('privacy.deleted');
  },
};
