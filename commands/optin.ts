import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

export const optin: SlashCommand = {
  data: slash('optin'),
  async run(use, services, t) {
    const saved = await services.optOuts.set(use, false);
    return t(saved ? 'optin.done' : 'optin.held');
  },
};
