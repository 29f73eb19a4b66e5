import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';

/** `/optin` takes back an earlier `/optout`: the caller's messages are read again in this guild. */
export const optin: SlashCommand = {
  data: slash('optin'),
  async run(interaction, services, t) {
    const saved = await services.optOuts.set(interaction, false);
    return t(saved ? 'optin.done' : 'optin.held');
  },
};
