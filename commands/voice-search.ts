import { type Subcommand, textOption } from '../src/discord/command.ts';

export const voiceSearch: Subcommand = {
  name: 'search',
  options: [textOption('query', { required: true, maxLength: 80 })],
  run: (use, context, t) => context.search.open(use, use.options.getString('query', true), 1, t),
};
