import { type SlashCommand, slash } from '../src/discord/command.ts';

export const optin: SlashCommand = {
  data: slash('optin'),
  async run(use, context, t) {
    const saved = await context.setOptOut(use, false);
    return t(saved ? 'optin.done' : 'optin.held');
  },
};
