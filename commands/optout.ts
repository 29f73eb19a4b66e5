import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';

export const optout: SlashCommand = {
  data: slash('optout'),
  async run(use, services, t) {
    const saved = await services.optOuts.set(use, true);
    return t(saved ? 'optout.done' : 'optout.held');
  },
};
