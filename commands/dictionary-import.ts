import { fileOption, type Subcommand } from '../src/discord/command.ts';

export const dictionaryImport: Subcommand = {
  name: 'import',
  admin: true,
  options: [fileOption('file', { required: true })],
  async run(use, context, t) {
    const bytes = await context.attachments.fetch(use.options.getAttachment('file', true));
    const words = context.files.dictionary.read(bytes);
    await context.store.saveWords(use.guildId, words);
    return t('dictionary.imported', { count: words.size });
  },
};
