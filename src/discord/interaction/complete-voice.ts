import type { SlashCommand } from './command.ts';

/** Offers voices for the option that is being typed. */
export const completeVoice: NonNullable<SlashCommand['complete']> = (interaction, { voices }) =>
  voices.offers(interaction, interaction.options.getFocused());
