import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/privacy delete` asks the caller whether all that the bot keeps of them in all guilds shall be deleted. */
export const privacyDelete: Subcommand = {
  name: 'delete',
  run: (interaction, services, t) => services.personDeletion.ask(interaction, t),
};
