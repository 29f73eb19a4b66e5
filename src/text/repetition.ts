import { isPause } from './punctuation.ts';

/** The same once more, and again: more is not heard as more. */
const MOST_TIMES = 3;
/** What is repeated may be so long: part of a word, in UTF-16 units ("ha", "やばい"), or of a text, in words. */
const LONGEST_PART = 8;
const LONGEST_PHRASE = 4;

/** Punctuation and signs that are drawn in rows. The full stop is not among them: three of them are a pause. */
const ROW = /([[\p{P}=~^\|+<>`]--[.]])\1{3,}/gv;
/** Besides pauses: a row of waves is one long vowel, and Spanish opens what it shouts. */
const HEARD = new Set('〜¿¡');
/** From the first letter to the last. */
const BARE_WORD = /[\p{L}\p{M}](?:.*[\p{L}\p{M}])?/su;
const NUMBER = /\p{N}/u;
/** Equal to nothing, not even to itself. */
const UNIQUE = 0;

/**
 * Text without floods: what stands more than three times in a row stands there three times, be it a character, a
 * part of a word of up to eight, a word or up to four words. Numbers stay as they are. Text without floods comes
 * back as it was, so that twice is as once.
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
  // A word goes with the space before it.
  return withoutFloods(keys, LONGEST_PHRASE)
    .map(index => (words[index * 2 - 1] ?? '') + (words[index * 2] ?? ''))
    .join('');
}

/** A row of pauses is one of them; rows of other signs are rulers, and go. */
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

/** By what words are equal: their letters, or the whole of it where there are none; empty if they have numbers. */
function wordKey(word: string): string {
  if (NUMBER.test(word)) return '';
  return (BARE_WORD.exec(word)?.[0] ?? word).toLowerCase();
}

/** Whether in a row of units, given by keys that are equal where the units are, something stands too often. */
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
 * The places of the units that stay. Puts units one behind the other, and whenever the end has become the same
 * thing once too often takes one of them away: the last but one, since the last may carry the end of the sentence.
 * A repetition goes as a whole, so that no character is torn, of however many units it is.
 */
function withoutFloods(keys: Int32Array, longest: number): number[] {
  const kept: number[] = [];
  // For each unit kept and each period: how many up to it are equal to the one that many units before.
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
