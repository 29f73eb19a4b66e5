import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { wholeNumberOption } from '../src/discord/interaction/options.ts';

const DEFAULT_DAYS = 7;
const MAX_DAYS = 90;

/** `/usage` shows what was spoken, and what it cost, in the last days. */
export const usage: SlashCommand = {
  data: slash('usage', [wholeNumberOption('days', { min: 1, max: MAX_DAYS })]),
  run: (interaction, services, t) =>
    services.usage(interaction, interaction.options.getInteger('days') ?? DEFAULT_DAYS, t),
};
