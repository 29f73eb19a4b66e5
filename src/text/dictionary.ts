import { Automaton } from './automaton.ts';
import { cleanCharacters } from './characters.ts';
import { foldCase, wordEdges } from './folding.ts';

// A guild's dictionary says how words are to be pronounced. Here are its limits, the check of an entry, and the
// replacing; `src/store/guilds/changes.ts` keeps the entries, and `automaton.ts` finds many words in one pass.

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
  /**
   * Splits a text at those words of the dictionary that cleaning would change, such as "№" and "ｗｗｗ".
   * `message-words.ts` cleans only what is between them, since the dictionary could not find a word any more that was
   * cleaned.
   */
  uncleanParts(text: string): readonly DictionaryPart[];
  /**
   * Splits a text at those words of the dictionary that have signs, such as "foo_bar" and "♡". `render.ts` drops silent
   * signs only between them, since the dictionary could not find a word any more that had lost its signs.
   */
  signedParts(text: string): readonly DictionaryPart[];
  /** The number of words. */
  readonly size: number;
}

/** A word of a dictionary, or a part of a text that has no such word. */
interface DictionaryPart {
  readonly text: string;
  readonly isWord: boolean;
}

/** The limits of a word and of what is said for it, in UTF-16 units, and of the number of entries of one guild. */
export const WORD_MAX = 64;
export const SAY_MAX = 200;
export const MAX_ENTRIES = 1000;

/** A text may grow to this many times its length plus `GROWTH_ALLOWANCE`, so that a short message stays cheap. */
const GROWTH_FACTOR = 4;
const GROWTH_ALLOWANCE = 200;

/**
 * Characters that no entry may have: controls, half surrogate pairs, those that turn or hide text, and `<|` or `|>`.
 */
const CONTROL =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|<\s*\||\|\s*>/u;
/** What Discord makes of a custom emoji that somebody chooses: its name, between colons, and its id. */
const CUSTOM_EMOJI = /^<a?(:\w{1,32}:)\d{1,20}>$/u;
/** What `render.ts` may drop or move. */
const SIGN = /[^\p{L}\p{M}\p{N}\s]/u;
const VISIBLE = /[^\s\p{C}\p{Z}\p{M}]/u;

/** A dictionary without any words. */
export const NO_WORDS: Dictionary = {
  size: 0,
  has: () => false,
  apply: text => text,
  uncleanParts: text => [{ text, isWord: false }],
  signedParts: text => [{ text, isWord: false }],
};

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
  const [all, unclean, signed] = [new Automaton(), new Automaton(), new Automaton()];
  const says = new Map<number, string>();
  for (const [entry, say] of entries) {
    const word = entry.normalize('NFC').trim().replaceAll(/\s+/gu, ' ').replace(CUSTOM_EMOJI, '$1');
    const { codes } = foldCase(word);
    if (codes.length === 0) continue;
    // A single character such as U+FDFA stands for eighteen, so what is said may become much longer than what was
    // typed.
    says.set(all.add(codes), cleanCharacters(say).slice(0, SAY_MAX).toWellFormed());
    if (cleanCharacters(word) !== word) unclean.add(codes);
    if (SIGN.test(word)) signed.add(codes);
  }
  if (says.size === 0) return NO_WORDS;
  for (const automaton of [all, unclean, signed]) automaton.link();
  return {
    size: says.size,
    has: word => all.has(foldCase(word).codes),
    apply: text => replaceWords(text, all, says),
    uncleanParts: text => split(text, unclean),
    signedParts: text => split(text, signed),
  };
}

/** A word that was found in a text: its state, and its place in UTF-16 units. */
interface Word {
  readonly state: number;
  readonly from: number;
  readonly to: number;
}

/** Yields the words of a text from left to right; where several begin, the longest one. */
function* wordsIn(text: string, automaton: Automaton): Iterable<Word> {
  const folded = foldCase(text);
  const edges = wordEdges(text, folded);
  const words = automaton.longestWords(folded.codes, edges);
  for (let at = 0; at < words.length; at++) {
    const state = words[at] ?? 0;
    if (state === 0) continue;
    const end = at + automaton.length(state);
    yield { state, from: edges[at] ?? 0, to: edges[end] ?? text.length };
    at = end - 1;
  }
}

function replaceWords(text: string, automaton: Automaton, says: ReadonlyMap<number, string>): string {
  const longest = GROWTH_FACTOR * text.length + GROWTH_ALLOWANCE;
  let said = '';
  let done = 0;
  for (const { state, from, to } of wordsIn(text, automaton)) {
    const longer = said + text.slice(done, from) + (says.get(state) ?? '');
    if (longer.length + text.length - to > longest) break;
    said = longer;
    done = to;
  }
  return said + text.slice(done);
}

/** The text in parts, each of the words and what is between them, in their order. */
function split(text: string, automaton: Automaton): readonly DictionaryPart[] {
  if (automaton.isEmpty) return [{ text, isWord: false }];
  const parts: DictionaryPart[] = [];
  let done = 0;
  for (const { from, to } of wordsIn(text, automaton)) {
    parts.push({ text: text.slice(done, from), isWord: false }, { text: text.slice(from, to), isWord: true });
    done = to;
  }
  return [...parts, { text: text.slice(done), isWord: false }];
}
