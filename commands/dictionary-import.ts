import { fileOption, type Subcommand } from '../src/discord/command.ts';

export const dictionaryImport: Subcommand = {
  name: 'import',
  admin: true,
  options: [fileOption('file', { required: true })],
  async run(use, context, t) {
    const count = await context.imports.dictionary(use, use.options.getAttachment('file', true));
    return t('dictionary.imported', { count });
  },
};
