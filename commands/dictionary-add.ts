import { plain, type Subcommand, textOption } from '../src/discord/command.ts';

export const dictionaryAdd: Subcommand = {
  name: 'add',
  options: [
    textOption('word', { required: true, maxLength: 64 }),
    textOption('say', { required: true, maxLength: 200 }),
  ],
  async run(use, context, t) {
    const word = use.options.getString('word', true).trim();
    const say = use.options.getString('say', true).trim();
    await context.dictionary.add(use, word, say);
    return t('dictionary.added', { word: plain(word), say: plain(say) });
  },
};
