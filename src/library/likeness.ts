const BEGINNING = 0.9;
const WITHIN = 0.75;
/** With one letter wrong, and less for each further one. */
const ONE_WRONG = 0.6;
const EACH_WRONG = 0.12;
/** Shorter, a part of a word says nothing; signs of other scripts say more each. */
const MIN_PART = 3;
const MAX_TYPED = 32;
const TOO_MANY = 99;

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
  const errorsIn = errorCounter(typed, allowed);
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
 * Counts the fewest errors with which what was typed is a beginning of a word (optimal string alignment), but stops
 * counting at more than are allowed.
 */
function errorCounter(typed: string, allowed: number): (word: string) => number {
  const width = typed.length + allowed + 1;
  let [before, last, current] = [new Uint8Array(width), new Uint8Array(width), new Uint8Array(width)];
  return word => {
    const length = Math.min(word.length, width - 1);
    for (let at = 0; at <= length; at++) last[at] = at;
    let fewest = 0;
    let fewestBefore = 0;
    for (let row = 1; row <= typed.length; row++) {
      const letter = typed.charCodeAt(row - 1);
      const letterBefore = typed.charCodeAt(row - 2);
      // Further from the diagonal there would be more errors than are allowed.
      const from = Math.max(1, row - allowed);
      const to = Math.min(length, row + allowed);
      current[from - 1] = from === 1 ? row : TOO_MANY;
      fewest = current[from - 1] ?? TOO_MANY;
      for (let at = from; at <= to; at++) {
        const other = word.charCodeAt(at - 1);
        let errors = (last[at - 1] ?? 0) + (letter === other ? 0 : 1);
        errors = Math.min(errors, (last[at] ?? 0) + 1, (current[at - 1] ?? 0) + 1);
        if (row > 1 && at > 1 && letter === word.charCodeAt(at - 2) && letterBefore === other)
          errors = Math.min(errors, (before[at - 2] ?? 0) + 1);
        current[at] = errors;
        if (errors < fewest) fewest = errors;
      }
      if (to < length) current[to + 1] = TOO_MANY;
      // From one row too bad a swap may still lead over, from two nothing does.
      if (fewest > allowed && fewestBefore > allowed) return fewest;
      fewestBefore = fewest;
      [before, last, current] = [last, current, before];
    }
    return fewest;
  };
}
