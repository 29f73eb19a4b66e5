import type { Translate } from '../../locale/catalogue.ts';
import { shortened } from '../../shortened.ts';
import type { Store } from '../../store/store.ts';
import type { Answer, Choice, ComponentOwner } from '../interaction/answer.ts';
import type {
  AnyInteraction,
  CompletionInteraction,
  ComponentInteraction,
} from '../interaction/interaction.ts';
import { knownGuild } from '../known-guild.ts';
import { mayChange } from './dictionary-changes.ts';
import { pageIn, wordsView } from './word-pages.ts';

// Carries out `/dictionary list`, which shows a guild's dictionary page by page, and offers its words to people who use
// `/dictionary remove`. `word-pages.ts` draws the pages, and `dictionary-changes.ts` changes the dictionary.

export interface WordListOptions {
  readonly store: Pick<Store, 'guild' | 'problem'>;
}

/** The most characters of the name of a choice (Discord, "Application Commands"). */
const MAX_NAME = 100;
/** The most choices that Discord offers to somebody who types. */
const MAX_CHOICES = 25;

/** It keeps no state, because the id of each button holds the number of the page to which it leads. */
export class WordList implements ComponentOwner {
  readonly name = 'word list';
  readonly #store: WordListOptions['store'];

  constructor({ store }: WordListOptions) {
    this.#store = store;
  }

  /** Resolves with the first page. Rejects with a UserError while the database cannot be asked. */
  open(interaction: AnyInteraction, t: Translate): Promise<Answer> {
    return this.#page(interaction, 1, t);
  }

  owns(customId: string): boolean {
    return pageIn(customId) !== null;
  }

  /** Resolves with the page to which the pressed button leads. */
  answer(interaction: ComponentInteraction, t: Translate): Promise<Answer> {
    return this.#page(interaction, pageIn(interaction.customId) ?? 1, t);
  }

  /** Resolves with the words that contain what somebody has typed; those that begin with it come first. */
  async offers(interaction: CompletionInteraction): Promise<readonly Choice[]> {
    const { words } = await this.#store.guild(interaction.guildId);
    const typed = folded(interaction.options.getFocused().trim());
    const fits = [...words].filter(([word]) => folded(word).includes(typed));
    const begins = ([word]: readonly [string, string]) => folded(word).startsWith(typed);
    return [...fits.filter(begins), ...fits.filter(entry => !begins(entry))]
      .slice(0, MAX_CHOICES)
      .map(([word, say]) => ({
        name: shortened(say === '' ? word : `${word} → ${say}`, MAX_NAME),
        value: word,
      }));
  }

  async #page(interaction: AnyInteraction, page: number, t: Translate): Promise<Answer> {
    const record = await knownGuild(this.#store, interaction.guildId);
    if (record.words.size === 0)
      return t(mayChange(interaction, record.settings) ? 'dictionary.empty' : 'dictionary.empty-here');
    return { view: wordsView(record, page, t) };
  }
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase();
