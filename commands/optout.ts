import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

export const optout: SlashCommand = {
  data: slash('optout'),
  async run(interaction, services, t) {
    const saved = await services.optOuts.set(interaction, true);
    return t(saved ? 'optout.done' : 'optout.held');
  },
};
