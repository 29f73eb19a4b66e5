import { plain, type Subcommand, textOption } from '../src/discord/command.ts';
import { UserError } from '../src/errors.ts';

export const dictionaryRemove: Subcommand = {
  name: 'remove',
  options: [textOption('word', { required: true, maxLength: 64 })],
  async run(use, context, t) {
    const word = use.options.getString('word', true).trim();
    const found = await context.dictionary.remove(use, word);
    if (!found) throw new UserError('dictionary.unknown', { word: plain(word) });
    return t('dictionary.removed', { word: plain(word) });
  },
};
