// Compares words with what somebody has typed, for the search of voices.

/** How like a word is to what was typed, which is the beginning of the word, or stands within it. */
const BEGINNING = 0.9;
const WITHIN = 0.75;
/** How like a word is with one letter wrong, and how much less it is for each further wrong letter. */
const ONE_WRONG = 0.6;
const EACH_WRONG = 0.12;
/** The shortest part of a word in Latin letters that means something. */
const MIN_PART = 3;
/** How many UTF-16 units are compared: one for each bit, without the sign, of JavaScript's bit operations. */
const MAX_TYPED = 31;

/**
 * A folded word. `letters` is a set of bits that says which letters it has, each by the lower five bits of its code.
 */
export interface Word {
  readonly text: string;
  readonly letters: number;
}

/** Makes a `Word` of a folded text. */
export function wordOf(text: string): Word {
  let letters = 0;
  for (let at = 0; at < text.length; at++) letters |= 1 << (text.charCodeAt(at) & 31);
  return { text, letters };
}

/** Whether a text has signs of other scripts than Latin; one such sign often means as much as a whole word. */
export function isBeyondLatin(text: string): boolean {
  return /[^\p{sc=Latin}\p{sc=Common}\p{sc=Inherited}]/u.test(text);
}

/**
 * Returns a function that says how like a word is to the typed `text`, from 0 to 1; both are folded. It is 1 for the
 * very word, and less if the text is its beginning or a part of it, or its beginning with a letter or two wrong,
 * missing, added or swapped. It is fast enough for thousands of words at each key press.
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

/** How many errors are allowed in a typed text of this length. */
function allowedErrors(length: number): number {
  if (length < MIN_PART) return 0;
  return length < 6 ? 1 : 2;
}

/** Whether more than `count` of the bits are set. */
function isMoreThan(count: number, bits: number): boolean {
  let left = bits;
  for (let taken = 0; left !== 0 && taken < count; taken++) left &= left - 1;
  return left !== 0;
}

/**
 * Returns a function that counts the fewest errors with which what was typed is the beginning of a word (the distance
 * called optimal string alignment). It computes a column of the usual table at a time, as bits (Hyyrö, "A Bit-Vector
 * Algorithm for Computing Levenshtein and Damerau Edit Distances", 2003).
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

/** Returns a function that says, as bits, at which places of a text of at most 31 units a letter stands. */
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
