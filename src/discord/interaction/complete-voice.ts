import type { SlashCommand } from './command.ts';

/**
 * The `complete` function of every command with an option for a voice: it offers voices for what the caller has
 * typed.
 */
export const completeVoice: NonNullable<SlashCommand['complete']> = (interaction, { voices }) =>
  voices.offers(interaction, interaction.options.getFocused());
