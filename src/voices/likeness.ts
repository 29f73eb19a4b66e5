const BEGINNING = 0.9;
const WITHIN = 0.75;
/** With one letter wrong, and less for each further one. */
const ONE_WRONG = 0.6;
const EACH_WRONG = 0.12;
/** Shorter, a part of a word says nothing; signs of other scripts say more each. */
const MIN_PART = 3;
/** As many bits as there are in a number. */
const MAX_TYPED = 31;

/** A folded word, and which letters it has, by their lower five bits. */
export interface Word {
  readonly text: string;
  readonly letters: number;
}

export function wordOf(text: string): Word {
  let letters = 0;
  for (let at = 0; at < text.length; at++) letters |= 1 << (text.charCodeAt(at) & 31);
  return { text, letters };
}

/** Whether a text has signs of which each says more than a Latin letter. */
export function isBeyondLatin(text: string): boolean {
  return /[^\p{sc=Latin}\p{sc=Common}\p{sc=Inherited}]/u.test(text);
}

/**
 * How much a word is what somebody has typed of it, both folded, from 0 to 1: the very word, its beginning, a part of
 * it, or one of these with a letter or two wrong, missing, too many or swapped. Quick, for thousands of words.
 */
export function likenessTo(text: string): (word: Word) => number {
  const typed = text.slice(0, MAX_TYPED);
  const { letters } = wordOf(typed);
  const allowed = allowedErrors(typed.length);
  const partial = typed.length >= MIN_PART || isBeyondLatin(typed);
  const errorsIn = errorCounter(typed);
  return word => {
    if (isMoreThan(allowed, letters & ~word.letters)) return 0;
    if (word.text === typed) return 1;
    if (word.text.startsWith(typed)) return BEGINNING;
    if (!partial) return 0;
    if (word.text.includes(typed)) return WITHIN;
    if (allowed === 0 || word.text.length < typed.length - allowed) return 0;
    const errors = errorsIn(word.text);
    return errors > allowed ? 0 : ONE_WRONG - EACH_WRONG * (errors - 1);
  };
}

/** Who types more may err more. */
function allowedErrors(length: number): number {
  if (length < MIN_PART) return 0;
  return length < 6 ? 1 : 2;
}

/** Whether a set of bits has more than so many. */
function isMoreThan(count: number, bits: number): boolean {
  let left = bits;
  for (let taken = 0; left !== 0 && taken < count; taken++) left &= left - 1;
  return left !== 0;
}

/**
 * Counts the fewest errors with which what was typed is a beginning of a word (optimal string alignment). A column of
 * the usual table at a time, as bits. (Hyyrö, "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit
 * Distances", 2003.)
 */
function errorCounter(typed: string): (word: string) => number {
  const placesOf = places(typed);
  const lastRow = 1 << (typed.length - 1);
  return word => {
    let [rises, falls, zeros, placesBefore] = [-1, 0, 0, 0];
    let errors = typed.length;
    let fewest = errors;
    for (let at = 0; at < word.length; at++) {
      const same = placesOf(word.charCodeAt(at));
      const swapped = ((~zeros & same) << 1) & placesBefore;
      zeros = (((same & rises) + rises) ^ rises) | same | falls | swapped;
      const grows = falls | ~(zeros | rises);
      const shrinks = zeros & rises;
      if (grows & lastRow) errors += 1;
      else if (shrinks & lastRow) errors -= 1;
      if (errors < fewest) fewest = errors;
      const shifted = (grows << 1) | 1;
      rises = (shrinks << 1) | ~(zeros | shifted);
      falls = shifted & zeros;
      placesBefore = same;
    }
    return fewest;
  };
}

/** Where a letter, by its code, stands in a text of at most 31, as bits. */
function places(text: string): (code: number) => number {
  const plain = new Int32Array(128);
  const others = new Map<number, number>();
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < plain.length) plain[code] = (plain[code] ?? 0) | (1 << at);
    else others.set(code, (others.get(code) ?? 0) | (1 << at));
  }
  return code => (code < plain.length ? plain[code] : others.get(code)) ?? 0;
}
