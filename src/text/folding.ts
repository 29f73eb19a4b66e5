/** A text without case, as code points, and where in the text each of them stood. */
export interface Folded {
  readonly codes: Int32Array;
  /**
   * One more than `codes`: the UTF-16 offset in the text at which each code point began, and at last the text's
   * length. `INSIDE` where one character became several code points, for all of them but the first.
   */
  readonly offsets: Int32Array;
}

const INSIDE = -1;
/** "ﬃ" becomes "ffi": no character becomes more than three (Unicode, SpecialCasing.txt). */
const MOST_PER_CHARACTER = 3;

/** Letters, digits, marks and low lines, but for scripts that write words without a space between them. */
const JOINS =
  /[[\p{L}\p{N}\p{M}\p{Pc}]--[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]/v;
/** What makes a picture of a character, and the colour of skin. */
const EMOJI_DRESS = /[\ufe0f\p{Emoji_Modifier}]/u;
const MARK = /\p{M}/u;
const ASCII_JOINS = /\w/;

/** Case folding of a text that keeps in mind where everything stood; all kinds of space are one. */
export function foldCase(text: string): Folded {
  const codes = new Int32Array(text.length * MOST_PER_CHARACTER);
  const offsets = new Int32Array(codes.length + 1).fill(INSIDE);
  let count = 0;
  let at = 0;
  for (const character of text) {
    offsets[count] = at;
    for (const folded of foldedCharacter(character)) codes[count++] = folded.codePointAt(0) ?? 0;
    at += character.length;
  }
  offsets[count] = text.length;
  return { codes: codes.subarray(0, count), offsets: offsets.subarray(0, count + 1) };
}

/**
 * Full folding without a locale: down, up and down again, so that "ẞ" and "ß" are "ss" and "ς" is "σ". "İ" and "ı"
 * are "i" as well: who writes Turkish means the same word by both. The dress of an emoji is nothing.
 */
function foldedCharacter(character: string): string {
  if (character <= '\x7f') return character >= '\t' && character <= '\r' ? ' ' : character.toLowerCase();
  if (character === 'İ' || character === 'ı') return 'i';
  if (EMOJI_DRESS.test(character)) return '';
  return /\s/u.test(character) ? ' ' : character.toLowerCase().toUpperCase().toLowerCase();
}

/** The offsets of `folded` at which a word of `text` may begin or end; `INSIDE` elsewhere. */
export function wordEdges(text: string, { offsets }: Folded): Int32Array {
  const edges = offsets.slice();
  let joinsBefore = false;
  for (const [index, at] of offsets.entries()) {
    if (at === INSIDE || at === text.length) continue;
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const ascii = character <= '\x7f';
    const joins = (ascii ? ASCII_JOINS : JOINS).test(character);
    if ((joinsBefore && joins) || (at > 0 && !ascii && MARK.test(character))) edges[index] = INSIDE;
    joinsBefore = joins;
  }
  return edges;
}
