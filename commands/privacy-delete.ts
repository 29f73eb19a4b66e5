import type { Subcommand } from '../src/discord/interaction/command.ts';

export const privacyDelete: Subcommand = {
  name: 'delete',
  async run(interaction, services, t) {
    await services.cloning.forgetPerson(interaction);
    return t('privacy.deleted');
  },
};
