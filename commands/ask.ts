import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';
import { textOption } from '../src/discord/interaction/options.ts';

export const ask: SlashCommand = {
  data: slash('ask', [textOption('prompt', { required: true, maxLength: 2000 })]),
  public: true,
  run: (interaction, services, t) =>
    services.asker.ask(interaction, interaction.options.getString('prompt', true), t),
};
