import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';

/** `/help` shows topic by topic what the caller may use, in their language. */
export const help: SlashCommand = {
  data: slash('help'),
  run: (interaction, services, t) => services.help.open(interaction, t),
};
