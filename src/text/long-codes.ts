// Finds what nobody would read out: identifiers, checksums, keys and endless numbers.

/** A number of more digits than this is no number that anybody has: cards and accounts have nineteen at most. */
const MOST_DIGITS = 20;
const IDENTIFIER =
  /(?<![\p{sc=Latn}\p{N}])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\p{sc=Latn}\p{N}])/iu;
/** Letters and digits without spaces, perhaps with the other signs of Base64, and the parts of a signed token. */
const TOKEN =
  /(?<![\p{sc=Latn}\p{N}])[A-Za-z0-9][A-Za-z0-9+_=-]{15,}(?:\.[A-Za-z0-9+_=-]{8,})*(?![\p{sc=Latn}\p{N}])/u;
const DIGITS = new RegExp(
  String.raw`(?<![\p{sc=Latn}\p{N}])\p{Nd}{${MOST_DIGITS + 1},}(?![\p{sc=Latn}\p{N}])`,
  'u',
);
const CODES = new RegExp([IDENTIFIER, DIGITS, TOKEN].map(({ source }) => `(?:${source})`).join('|'), 'giu');
const ONLY_DIGITS = /^\p{Nd}+$/u;
const MAY_BE_LONG = /[A-Za-z0-9+_=-]{16}|\p{Nd}{21}/u;

/** A part of a text: words, or a code or number that is too long to be read out. */
export type CodedPart = { readonly words: string } | { readonly code: 'long-code' | 'long-number' };

/** Splits a text at identifiers, checksums, keys and numbers of more than twenty digits. */
export function withLongCodes(text: string): readonly CodedPart[] {
  if (!MAY_BE_LONG.test(text)) return [{ words: text }];
  const parts: CodedPart[] = [];
  let from = 0;
  for (const { 0: found, index: at } of text.matchAll(CODES)) {
    const number = ONLY_DIGITS.test(found);
    if (!(number ? found.length > MOST_DIGITS : IDENTIFIER.test(found) || isRandom(found))) continue;
    parts.push({ words: text.slice(from, at) }, { code: number ? 'long-number' : 'long-code' });
    from = at + found.length;
  }
  return [...parts, { words: text.slice(from) }];
}

/**
 * Whether a word looks as if made by chance: a hexadecimal number, or letters and digits that take turns. Names of
 * files and days, such as "report_2026-11-28_final", do not.
 */
function isRandom(word: string): boolean {
  const longest = word.split(/[^A-Za-z0-9]+/).reduce((a, b) => (b.length > a.length ? b : a), '');
  if (longest.length < 16) return false;
  const turns = longest.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0;
  if (/^(?:0x)?[0-9a-f]+$/i.test(longest)) return turns >= 2;
  return turns >= 3 || (turns >= 1 && longest.length >= 30 && /[a-z][A-Z]/.test(longest));
}
