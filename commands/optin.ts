import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

export const optin: SlashCommand = {
  data: slash('optin'),
  async run(interaction, services, t) {
    const saved = await services.optOuts.set(interaction, false);
    return t(saved ? 'optin.done' : 'optin.held');
  },
};
