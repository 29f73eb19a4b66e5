import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/settings panel` opens the panel in which the guild's settings are changed. */
export const settingsPanel: Subcommand = {
  name: 'panel',
  run: (interaction, services, t) => services.panel.open(interaction, t),
};
