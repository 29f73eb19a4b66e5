import { isPause } from './punctuation.ts';

// Shortens floods: what is repeated too often is said three times.

/** How many times something that is repeated is kept. */
const MOST_TIMES = 3;
/** The longest part that is looked for: of a word, in UTF-16 units ("ha", "やばい"), and of a text, in words. */
const LONGEST_PART = 8;
const LONGEST_PHRASE = 4;

/** Rows of four and more equal signs. The full stop is not among the signs, since three of them are a pause. */
const ROW = /([[\p{P}=~^\|+<>`]--[.]])\1{3,}/gv;
/** Signs that are kept once, besides pauses: waves mean a long vowel, and Spanish begins a shout with "¡". */
const HEARD = new Set('〜¿¡');
/** A word from its first letter to its last. */
const BARE_WORD = /[\p{L}\p{M}](?:.*[\p{L}\p{M}])?/su;
const NUMBER = /\p{N}/u;
/** The key of a unit that is equal to no other. */
const UNIQUE = 0;

/**
 * The text without floods: what is repeated more than three times in a row is kept three times. That may be a
 * character, a part of a word of up to eight characters, or up to four words. Numbers stay as they are. A text without
 * floods comes back unchanged, and so calling this twice makes no difference.
 */
export function calm(text: string): string {
  const words = withoutRows(text)
    .split(/(\s+)/u)
    .map((word, index) => (index % 2 === 0 ? calmWord(word) : word));
  const numbers = new Map<string, number>();
  const keys = Int32Array.from({ length: Math.ceil(words.length / 2) }, (_, index) => {
    const key = wordKey(words[index * 2] ?? '');
    if (key === '') return UNIQUE;
    const number = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, number);
    return number;
  });
  if (!hasFlood(keys, LONGEST_PHRASE)) return words.join('');
  // A word is kept or removed together with the space before it.
  return withoutFloods(keys, LONGEST_PHRASE)
    .map(index => (words[index * 2 - 1] ?? '') + (words[index * 2] ?? ''))
    .join('');
}

/** The text with rows of four and more equal signs shortened: pauses are kept once, and other signs become a space. */
export function withoutRows(text: string): string {
  return text.replaceAll(ROW, (_row, sign: string) => (isPause(sign) || HEARD.has(sign) ? sign : ' '));
}

function calmWord(word: string): string {
  if (word.length <= MOST_TIMES) return word;
  const lower = word.toLowerCase();
  const even = lower.length === word.length ? lower : word;
  const keys = new Int32Array(word.length);
  const numbered = NUMBER.test(word);
  for (let at = 0; at < keys.length; at++)
    keys[at] = numbered && NUMBER.test(word.charAt(at)) ? UNIQUE : even.charCodeAt(at);
  if (!hasFlood(keys, LONGEST_PART)) return word;
  return withoutFloods(keys, LONGEST_PART)
    .map(at => word.charAt(at))
    .join('');
}

/** The key by which words are equal: their letters, or the whole word if it has none; empty if it has digits. */
function wordKey(word: string): string {
  if (NUMBER.test(word)) return '';
  return (BARE_WORD.exec(word)?.[0] ?? word).toLowerCase();
}

/**
 * Whether something is repeated too often in a row of units. The units are given as keys, equal where the units are.
 */
function hasFlood(keys: Int32Array, longest: number): boolean {
  for (let period = 1; period <= longest; period++) {
    let run = 0;
    for (let at = period; at < keys.length; at++) {
      run = keys[at] === keys[at - period] && keys[at] !== UNIQUE ? run + 1 : 0;
      if (run >= MOST_TIMES * period) return true;
    }
  }
  return false;
}

/**
 * The places of the units that are kept. It adds unit after unit, and whenever the end is repeated once too often, it
 * removes one repetition: the last but one, since the last may have the end of the sentence. A repetition is removed as
 * a whole, so that no character of several units is torn apart.
 */
function withoutFloods(keys: Int32Array, longest: number): number[] {
  const kept: number[] = [];
  // For each kept unit and each period: how many units in a row, up to it, equal the unit that is one period before
  // them.
  const runs = new Int32Array((keys.length + 1) * longest);
  for (const [unit, key] of keys.entries()) {
    const end = kept.push(unit) - 1;
    let flood = 0;
    for (let period = longest; period >= 1; period--) {
      const cell = end * longest + period - 1;
      const before = kept[end - period];
      const equal = key !== UNIQUE && before !== undefined && keys[before] === key;
      runs[cell] = equal ? (runs[cell - longest] ?? 0) + 1 : 0;
      if ((runs[cell] ?? 0) >= MOST_TIMES * period) flood = period;
    }
    if (flood > 0) kept.splice(-2 * flood, flood);
  }
  return kept;
}
