import type { Subcommand } from '../src/discord/interaction/command.ts';
import { fileOption } from '../src/discord/interaction/options.ts';

export const dictionaryImport: Subcommand = {
  name: 'import',
  options: [fileOption('file', { required: true })],
  async run(interaction, services, t) {
    const count = await services.dictionary.importFile(
      interaction,
      interaction.options.getAttachment('file', true),
    );
    return t('dictionary.imported', { count });
  },
};
