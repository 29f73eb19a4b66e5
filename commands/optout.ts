import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';

/** `/optout` has the caller's messages not read in this guild any more, and drops those that wait to be said. */
export const optout: SlashCommand = {
  data: slash('optout'),
  async run(interaction, services, t) {
    const saved = await services.optOuts.set(interaction, true);
    return t(saved ? 'optout.done' : 'optout.held');
  },
};
