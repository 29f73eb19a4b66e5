// Estimates how long it takes to say a text, in milliseconds, for a calm voice at typical speaking rates. People say
// from 5 (Mandarin) to 8 (Japanese) syllables a second (Pellegrino, Coupé and Marsico, "A cross-language perspective on
// speech information rate", Language 87(3), 2011); about a tenth less with pauses. English at 150 to 160 words a minute
// has 15 characters a second, spaces included. The numbers are whole, so that sums have no rounding errors.

const MS_OF_LETTER = 67;
/** Digits and signs such as "%" are said as words. */
const MS_OF_DIGIT = 300;
const MS_OF_SIGN = 300;
const ASCII_SIGNS = new Set(Array.from('#$%&*+<=>@^`|~', sign => sign.charCodeAt(0)));

/** The times of characters outside ASCII, by kind. The first kind that fits counts. */
const MS_BY_KIND: readonly (readonly [RegExp, number])[] = [
  [/\p{P}|\p{Z}|\p{Cf}/u, MS_OF_LETTER],
  [/\p{scx=Hira}|\p{scx=Kana}/u, 133], // each is one mora, and people say 7.5 a second
  [/\p{scx=Hani}/u, 222], // each is a syllable in Chinese and about two morae in Japanese: 4.5 a second
  [/\p{scx=Hang}/u, 167], // each is one syllable, and people say 6 a second
  [/\p{scx=Arab}|\p{scx=Hebr}/u, 91], // short vowels are said but not written
  [/\p{N}/u, MS_OF_DIGIT],
  [/\p{S}/u, MS_OF_SIGN],
];

/** The times that were computed before, by code point (up to 0xffff); 0 where none was. */
const found = new Uint16Array(0x10000);

/** How long it takes to say one character, given as its code point, in milliseconds at speed 1. */
export function spokenMs(code: number): number {
  const known = found[code];
  if (known === undefined) return estimate(code);
  if (known > 0) return known;
  return (found[code] = estimate(code));
}

function estimate(code: number): number {
  const character = String.fromCodePoint(code);
  if (code < 0x80) {
    if (code >= 0x30 && code <= 0x39) return MS_OF_DIGIT;
    return ASCII_SIGNS.has(code) ? MS_OF_SIGN : MS_OF_LETTER;
  }
  return MS_BY_KIND.find(([kind]) => kind.test(character))?.[1] ?? MS_OF_LETTER;
}
