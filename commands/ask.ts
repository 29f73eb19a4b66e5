import { type SlashCommand, slash, textOption } from '../src/discord/command.ts';

export const ask: SlashCommand = {
  data: slash('ask', [textOption('prompt', { required: true, maxLength: 2000 })]),
  public: true,
  run: (use, context, t) => context.ask(use, use.options.getString('prompt', true), t),
};
