import { type SlashCommand, slash, wholeNumberOption } from '../src/discord/command.ts';

const DEFAULT_DAYS = 7;
const MAX_DAYS = 90;

export const usage: SlashCommand = {
  data: slash('usage', [wholeNumberOption('days', { min: 1, max: MAX_DAYS })]),
  run: (use, context, t) => context.usage(use, use.options.getInteger('days') ?? DEFAULT_DAYS, t),
};
