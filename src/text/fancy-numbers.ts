// Numbers that are one character each, such as ②, ❶, ½ and Ⅻ, become the digits that a voice can say.

/** Fractions, numbers in circles and brackets, and Roman numerals: every character of them is a number by itself. */
const FANCY =
  /[\u00bc-\u00be\u2150-\u215e\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3248-\u324f\u3251-\u325f\u32b1-\u32bf\u{1f100}-\u{1f10c}]+|[\u2160-\u217f]+/gu;
const DIGIT = /\p{Nd}/u;
const FRACTION_SLASH = /\u2044/g;

/** Numbers in circles that NFKC does not know: where each row begins, and the number of its first character. */
const ROWS: readonly (readonly [from: number, to: number, first: number, step: number])[] = [
  [0x24eb, 0x24f4, 11, 1],
  [0x24f5, 0x24fe, 1, 1],
  [0x24ff, 0x24ff, 0, 1],
  [0x2776, 0x277f, 1, 1],
  [0x2780, 0x2789, 1, 1],
  [0x278a, 0x2793, 1, 1],
  [0x3248, 0x324f, 10, 10],
  [0x1f10b, 0x1f10c, 0, 0],
];
const ROMAN: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
const IS_ROMAN = /^M*(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/;

/** Stars that rate something: some full ones, and then empty ones. */
const RATING = /(?<![★☆])★{1,9}☆{1,9}(?![★☆])/gu;

/**
 * The text in which numbers that are one character each are written in digits: "②" is "2", and "2½" is "2 1/2". So are
 * stars that rate something: "★★★☆☆" is "3/5".
 */
export function plainNumbers(text: string): string {
  const rated = text.replace(RATING, stars => `${stars.indexOf('☆')}/${stars.length}`);
  return rated.replace(FANCY, (run, at: number, whole: string) => {
    const roman = romanNumber(run);
    const numbers = roman === undefined ? Array.from(run, plainNumber).join(' ') : String(roman);
    // What was a number of its own must not become one with the digits beside it.
    const before = DIGIT.test(whole.charAt(at - 1)) ? ' ' : '';
    const after = DIGIT.test(whole.charAt(at + run.length)) ? ' ' : '';
    return before + numbers + after;
  });
}

function plainNumber(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const row = ROWS.find(([from, to]) => code >= from && code <= to);
  if (row) return String(row[2] + (code - row[0]) * row[3]);
  const letters = character.normalize('NFKC').replace(FRACTION_SLASH, '/');
  return String(romanNumber(character) ?? letters);
}

/** The number that Roman numerals of one or several characters make together; undefined if they make none. */
function romanNumber(run: string): number | undefined {
  if (run < '\u2160' || run > '\u2180') return undefined;
  const letters = run.normalize('NFKC').toUpperCase();
  if (!IS_ROMAN.test(letters)) return undefined;
  const values = Array.from(letters, letter => ROMAN[letter] ?? 0);
  return values.reduce((sum, value, at) => (value < (values[at + 1] ?? 0) ? sum - value : sum + value), 0);
}
