/**
 * How long a character takes to say, in milliseconds: estimates for a calm voice, from typical speaking rates.
 * Languages carry 5 (Mandarin) to 8 (Japanese) syllables a second (Pellegrino, Coupé and Marsico, "A cross-language
 * perspective on speech information rate", Language 87(3), 2011), less about a tenth for pauses; English at 150
 * to 160 words a minute is 15 characters a second, spaces counted. Whole numbers, for sums without rounding.
 */
const MS_OF_LETTER = 67;
/** Said as words: "2024", "%". */
const MS_OF_DIGIT = 300;
const MS_OF_SIGN = 300;
const ASCII_SIGNS = new Set(Array.from('#$%&*+<=>@^`|~', sign => sign.charCodeAt(0)));

/** For characters beyond ASCII; the first that fits counts. */
const MS_BY_KIND: readonly (readonly [RegExp, number])[] = [
  [/\p{P}|\p{Z}|\p{Cf}/u, MS_OF_LETTER],
  [/\p{scx=Hira}|\p{scx=Kana}/u, 133], // a mora each, 7.5 a second
  [/\p{scx=Hani}/u, 222], // a syllable in Chinese, about two morae in Japanese: 4.5 a second
  [/\p{scx=Hang}/u, 167], // a syllable each, 6 a second
  [/\p{scx=Arab}|\p{scx=Hebr}/u, 91], // short vowels are not written
  [/\p{N}/u, MS_OF_DIGIT],
  [/\p{S}/u, MS_OF_SIGN],
];

/** What was found before, by code point, for characters of two bytes: a pure function of Unicode. */
const found = new Uint16Array(0x10000);

/** The time of one character, given as its code point, in milliseconds at speed 1. */
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
