import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { textOption } from '../src/discord/interaction/options.ts';

/** `/ask` sends a question to the language model, and the bot says the answer while the model is still writing it. */
export const ask: SlashCommand = {
  data: slash('ask', [textOption('prompt', { required: true, maxLength: 2000 })]),
  public: true,
  run: (interaction, services, t) =>
    services.asker.ask(interaction, interaction.options.getString('prompt', true), t),
};
