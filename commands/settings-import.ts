import type { Subcommand } from '../src/discord/interaction/command.ts';
import { fileOption } from '../src/discord/interaction/options.ts';

/** `/settings import` takes over the settings, and the dictionary if there is one, of a JSON file. */
export const settingsImport: Subcommand = {
  name: 'import',
  options: [fileOption('file', { required: true, types: ['.json'] })],
  run: (interaction, services, t) =>
    services.settingsFiles.importFile(interaction, interaction.options.getAttachment('file', true), t),
};
