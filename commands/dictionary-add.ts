import type { Subcommand } from '../src/discord/interaction/command.ts';
import { textOption } from '../src/discord/interaction/options.ts';
import { plain } from '../src/discord/interaction/texts.ts';

/** `/dictionary add` sets how a word is pronounced in this guild. */
export const dictionaryAdd: Subcommand = {
  name: 'add',
  options: [
    textOption('word', { required: true, maxLength: 64 }),
    textOption('say', { required: true, maxLength: 200 }),
  ],
  async run(interaction, services, t) {
    const word = interaction.options.getString('word', true).trim();
    const say = interaction.options.getString('say', true).trim();
    await services.dictionary.add(interaction, word, say);
    if (say === '') return t('dictionary.left-out', { word: plain(word) });
    return t('dictionary.added', { word: plain(word), say: plain(say) });
  },
};
