import { type SlashCommand, slash } from '../src/discord/command.ts';

export const optout: SlashCommand = {
  data: slash('optout'),
  async run(use, context, t) {
    const saved = await context.setOptOut(use, true);
    return t(saved ? 'optout.done' : 'optout.held');
  },
};
