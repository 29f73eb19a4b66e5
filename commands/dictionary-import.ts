import type { Subcommand } from '../src/discord/interaction/command.ts';
import { fileOption } from '../src/discord/interaction/options.ts';

/** `/dictionary import` replaces the guild's whole dictionary by a JSON file. */
export const dictionaryImport: Subcommand = {
  name: 'import',
  options: [fileOption('file', { required: true, types: ['.json'] })],
  async run(interaction, services, t) {
    const count = await services.dictionary.importFile(
      interaction,
      interaction.options.getAttachment('file', true),
    );
    return t('dictionary.imported', { count });
  },
};
