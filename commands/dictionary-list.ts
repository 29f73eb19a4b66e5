import type { Subcommand } from '../src/discord/interaction/command.ts';
import { plain } from '../src/discord/interaction/texts.ts';

/** Discord allows 2,000 characters in a message; the rest is room for a last line that counts the words left out. */
const MAX_CHARACTERS = 1_900;

/** `/dictionary list` shows the words of the guild's dictionary, and who added each. */
export const dictionaryList: Subcommand = {
  name: 'list',
  async run(interaction, services, t) {
    const { words, wordsBy } = await services.known(interaction);
    if (words.size === 0) return t('dictionary.empty');
    const lines = [t('dictionary.head', { count: words.size })];
    for (const [word, say] of words) {
      const by = wordsBy.get(word);
      const line = `${plain(word)} → ${plain(say)}${by === undefined ? '' : ` · <@${by}>`}`;
      if (lines.join('\n').length + line.length > MAX_CHARACTERS) {
        lines.push(t('queue.more', { count: words.size - lines.length + 1 }));
        break;
      }
      lines.push(line);
    }
    return lines.join('\n');
  },
};
