import type { Subcommand } from '../src/discord/interaction/command.ts';

export const settingsPanel: Subcommand = {
  name: 'panel',
  run: (use, services, t) => services.panel.open(use, t),
};
