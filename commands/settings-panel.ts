import type { Subcommand } from '../src/discord/interaction/command.ts';

export const settingsPanel: Subcommand = {
  name: 'panel',
  run: (interaction, services, t) => services.panel.open(interaction, t),
};
