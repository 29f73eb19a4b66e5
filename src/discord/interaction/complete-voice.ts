import type { SlashCommand } from './command.ts';

/** Offers voices for the option that is being typed. */
export const completeVoice: NonNullable<SlashCommand['complete']> = (use, { voices }) =>
  voices.offers(use, use.options.getFocused());
