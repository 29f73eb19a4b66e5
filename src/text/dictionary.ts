import { Automaton } from './automaton.ts';
import { foldCase, wordEdges } from './folding.ts';

/** How words are to be said: each of its words in a text is replaced by what is to be said for it. */
export interface Dictionary {
  /**
   * The text with every word of the dictionary replaced, in one pass from the left, the longest word first; what
   * was put in is not searched again. No more than `4 × length + 200` UTF-16 units come back: from the replacement
   * on that would pass this, the text stays as it was written.
   */
  apply(text: string): string;
  /** Whether it has this very word. */
  has(word: string): boolean;
  /** How many words it has. */
  readonly size: number;
}

/** The longest word, and the longest text to be said for it, in UTF-16 units; the most entries of a server. */
export const WORD_MAX = 64;
export const SAY_MAX = 200;
export const MAX_ENTRIES = 1000;

/** A short message shall not become a long bill. */
const GROWTH_FACTOR = 4;
const GROWTH_ALLOWANCE = 200;

/** Controls, halves of surrogate pairs, characters that turn or hide text, and Fish Audio's `<|…|>`. */
const CONTROL =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|<\s*\||\|\s*>/u;
const VISIBLE = /[^\s\p{C}\p{Z}\p{M}]/u;

export const NO_WORDS: Dictionary = { size: 0, has: () => false, apply: text => text };

/** What is wrong with an entry, or null. What is said may be empty: then the word is left out. */
export function checkEntry(word: string, say: string): 'empty-word' | 'too-long' | 'control' | null {
  if (!VISIBLE.test(word)) return 'empty-word';
  if (word.length > WORD_MAX || say.length > SAY_MAX) return 'too-long';
  return CONTROL.test(word) || CONTROL.test(say) ? 'control' : null;
}

/**
 * Makes a dictionary of words and what to say for them. Words are literal and may hold spaces and punctuation;
 * case does not matter, and of words that differ in nothing else the last counts. Only whole words are found: in
 * scripts with spaces between words, no letter, digit, mark or low line goes on where the word begins or ends.
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
