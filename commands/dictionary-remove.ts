import { plain, type Subcommand, textOption } from '../src/discord/command.ts';
import { UserError } from '../src/errors.ts';

export const dictionaryRemove: Subcommand = {
  name: 'remove',
  options: [textOption('word', { required: true, maxLength: 64 })],
  async run(use, context, t) {
    const word = use.options.getString('word', true).trim();
    await context.changeWords(use, words => {
      const known = [...words.keys()].find(key => key.toLowerCase() === word.toLowerCase());
      if (known === undefined) throw new UserError('dictionary.unknown', { word: plain(word) });
      words.delete(known);
    });
    return t('dictionary.removed', { word: plain(word) });
  },
};
