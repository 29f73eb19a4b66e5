import type { Subcommand } from '../src/discord/command.ts';

export const settingsPanel: Subcommand = {
  name: 'panel',
  run: (use, context, t) => context.panel.open(use, t),
};
