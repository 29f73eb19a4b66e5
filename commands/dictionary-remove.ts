import type { Subcommand } from '../src/discord/interaction/command.ts';
import { wordOption } from '../src/discord/interaction/options.ts';
import { plain } from '../src/discord/interaction/texts.ts';
import { UserError } from '../src/errors.ts';

/** `/dictionary remove` takes a word out of the guild's dictionary. */
export const dictionaryRemove: Subcommand = {
  name: 'remove',
  options: [wordOption('word')],
  complete: (interaction, services) => services.wordList.offers(interaction),
  async run(interaction, services, t) {
    const word = interaction.options.getString('word', true).trim();
    const found = await services.dictionary.remove(interaction, word);
    if (!found) throw new UserError('dictionary.unknown', { word: plain(word) });
    return t('dictionary.removed', { word: plain(word) });
  },
};
