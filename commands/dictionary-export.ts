import type { Subcommand } from '../src/discord/command.ts';

export const dictionaryExport: Subcommand = {
  name: 'export',
  async run(use, context, t) {
    const { words } = await context.known(use);
    const bytes = context.files.dictionary.write(words);
    return { text: t('dictionary.exported'), files: [{ name: 'parrotfish-dictionary.json', bytes }] };
  },
};
