import { fileOption, type Subcommand } from '../src/discord/command.ts';

export const dictionaryImport: Subcommand = {
  name: 'import',
  options: [fileOption('file', { required: true })],
  async run(use, context, t) {
    const count = await context.dictionary.importFile(use, use.options.getAttachment('file', true));
    return t('dictionary.imported', { count });
  },
};
