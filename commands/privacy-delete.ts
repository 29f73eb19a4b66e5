import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/privacy delete` deletes what the bot keeps of the caller, in all guilds. */
export const privacyDelete: Subcommand = {
  name: 'delete',
  async run(interaction, services, t) {
    await services.cloning.forgetPerson(interaction);
    return t('privacy.deleted');
  },
};
