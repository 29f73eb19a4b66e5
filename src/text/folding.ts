// Makes texts comparable for the dictionary (`dictionary.ts`), whatever their case, and tells where words begin and
// end.

/** A text without case, as code points, with the place of each in the text. */
export interface Folded {
  readonly codes: Int32Array;
  /**
   * The UTF-16 offset in the text at which each code point began, and at the end the length of the text: one element
   * more than `codes`. Where one character became several code points, it is `INSIDE` for all of them but the first.
   */
  readonly offsets: Int32Array;
}

const INSIDE = -1;
/** No character becomes more than three, as "ﬃ" becomes "ffi" (Unicode, SpecialCasing.txt). */
const MOST_PER_CHARACTER = 3;

/** Letters, digits, marks and underscores, except of scripts that have no spaces between words. */
const JOINS =
  /[[\p{L}\p{N}\p{M}\p{Pc}]--[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]/v;
/** The variation selector that makes a character an emoji, and the colours of skin. */
const EMOJI_DRESS = /[\ufe0f\p{Emoji_Modifier}]/u;
const MARK = /\p{M}/u;
const ASCII_JOINS = /\w/;

/** Folds the case of a text, and keeps the place of each character. All kinds of space become the same space. */
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
 * Folds one character, in the same way for all languages: to lower, upper and lower case again, so that "ẞ" and "ß"
 * become "ss" and "ς" becomes "σ". The Turkish letters "İ" and "ı" become "i" too, and a curly apostrophe a straight
 * one. A character that only changes how an emoji looks becomes nothing.
 */
function foldedCharacter(character: string): string {
  if (character <= '\x7f') return character >= '\t' && character <= '\r' ? ' ' : character.toLowerCase();
  if (character === 'İ' || character === 'ı') return 'i';
  if (character === '’') return "'";
  if (EMOJI_DRESS.test(character)) return '';
  return /\s/u.test(character) ? ' ' : character.toLowerCase().toUpperCase().toLowerCase();
}

/** A copy of the offsets in which only those are left at which a word may begin or end; the others are `INSIDE`. */
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
