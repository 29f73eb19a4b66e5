import { Automaton } from './automaton.ts';
import { foldCase, wordEdges } from './folding.ts';

// A guild's dictionary says how words are to be pronounced. Here are its limits, the check of an entry, and the
// replacing; `src/store/changes.ts` keeps the entries, and `automaton.ts` finds many words in one pass.

/** A guild's dictionary: it replaces each of its words in a text by what is to be said for that word. */
export interface Dictionary {
  /**
   * The text with each word of the dictionary replaced, in one pass from left to right. Where several words begin, the
   * longest one counts; what was put in is not searched again. The result has at most `4 × length + 200` UTF-16 units:
   * from the replacement that would exceed this, the text stays as it was.
   */
  apply(text: string): string;
  /** Whether the dictionary has this word as an entry. */
  has(word: string): boolean;
  /** The number of words. */
  readonly size: number;
}

/** The limits of a word and of what is said for it, in UTF-16 units, and of the number of entries of one guild. */
export const WORD_MAX = 64;
export const SAY_MAX = 200;
export const MAX_ENTRIES = 1000;

/** A text may grow to so many times its length and so much more, so that a short message does not become expensive. */
const GROWTH_FACTOR = 4;
const GROWTH_ALLOWANCE = 200;

/**
 * Characters that no entry may have: controls, half surrogate pairs, those that turn or hide text, and `<|` or `|>`.
 */
const CONTROL =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|<\s*\||\|\s*>/u;
const VISIBLE = /[^\s\p{C}\p{Z}\p{M}]/u;

/** A dictionary without any words. */
export const NO_WORDS: Dictionary = { size: 0, has: () => false, apply: text => text };

/** What is wrong with an entry; null if it is fine. `say` may be empty, and then the word is not said at all. */
export function checkEntry(word: string, say: string): 'empty-word' | 'too-long' | 'control' | null {
  if (!VISIBLE.test(word)) return 'empty-word';
  if (word.length > WORD_MAX || say.length > SAY_MAX) return 'too-long';
  return CONTROL.test(word) || CONTROL.test(say) ? 'control' : null;
}

/**
 * Makes a dictionary of words and what is said for them. Words may have spaces and punctuation. Case does not matter:
 * of words that differ only in case, the last one counts. Only whole words are found: in scripts with spaces between
 * words, no letter, digit, mark or underscore may stand directly before or after the word.
 */
export function compileDictionary(entries: ReadonlyMap<string, string>): Dictionary {
  const automaton = new Automaton();
  const says = new Map<number, string>();
  for (const [word, say] of entries) {
    const { codes } = foldCase(word.normalize('NFC').trim().replaceAll(/\s+/gu, ' '));
    if (codes.length > 0) says.set(automaton.add(codes), say.toWellFormed());
  }
  if (says.size === 0) return NO_WORDS;
  automaton.link();
  return {
    size: says.size,
    has: word => automaton.has(foldCase(word).codes),
    apply: text => replaceWords(text, automaton, says),
  };
}

function replaceWords(text: string, automaton: Automaton, says: ReadonlyMap<number, string>): string {
  const folded = foldCase(text);
  const edges = wordEdges(text, folded);
  const words = automaton.longestWords(folded.codes, edges);
  const longest = GROWTH_FACTOR * text.length + GROWTH_ALLOWANCE;
  let said = '';
  let done = 0;
  for (let at = 0; at < words.length; at++) {
    const say = says.get(words[at] ?? 0);
    if (say === undefined) continue;
    const last = at + automaton.length(words[at] ?? 0);
    const end = edges[last] ?? text.length;
    const longer = said + text.slice(done, edges[at]) + say;
    if (longer.length + text.length - end > longest) break;
    said = longer;
    done = end;
    at = last - 1;
  }
  return said + text.slice(done);
}
