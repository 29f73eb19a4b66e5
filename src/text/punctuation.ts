import type { Language } from './language.ts';

// What the marks of each script mean for a voice: where it pauses, and which comma or stop fits behind a word.

const JAPANESE = /[\p{scx=Hira}\p{scx=Kana}]/u;
const HAN = /\p{scx=Hani}/u;
const ARABIC = /\p{scx=Arab}/u;
const INDIC = /[\p{scx=Deva}\p{scx=Beng}]/u;
/** Scripts that are written without punctuation, in which a space is a pause. */
const SPACE_IS_PAUSE = /[\p{sc=Thai}\p{sc=Laoo}]/u;
/** Scripts without spaces between words; also Korean, whose endings directly follow a word. */
const UNSPACED =
  /[\p{scx=Hang}\p{scx=Hira}\p{scx=Kana}\p{scx=Hani}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;

const PAUSES = /[.,!?…‥:;。、，．！？：；،؛؟۔।॥–—]/u;
const WIDE = /[。、，．！？：；]/u;
const WORD = /[\p{L}\p{M}\p{N}\p{S}]/u;
const CLOSES = /\p{Pe}/u;
const OPENS = /[\p{Ps}\p{Pi}]/u;

/** Whether a voice makes a pause at this character. */
export function isPause(char: string): boolean {
  return PAUSES.test(char);
}

/** Whether this punctuation is as wide as a Chinese character, so that no space follows it. */
export function isWide(char: string): boolean {
  return WIDE.test(char);
}

/** Whether this character is a closing bracket. */
export function isClosing(char: string): boolean {
  return CLOSES.test(char);
}

/** Whether this character is an opening bracket or quote. */
export function isOpening(char: string): boolean {
  return OPENS.test(char);
}

/** Whether two words need a space between them, by the last character of the one and the first of the other. */
export function needsSpace(before: string, after: string): boolean {
  return WORD.test(before) && WORD.test(after) && !UNSPACED.test(before) && !UNSPACED.test(after);
}

/** The punctuation, with its space, for a short pause after a word that ends in `char`. */
export function commaAfter(char: string, language: Language): string {
  if (JAPANESE.test(char)) return '、';
  if (HAN.test(char)) return language === 'zh' ? '，' : '、';
  if (ARABIC.test(char)) return '، ';
  return SPACE_IS_PAUSE.test(char) ? ' ' : ', ';
}

/** The punctuation, with its space, that ends a sentence whose last word ends in `char`. */
export function stopAfter(char: string): string {
  if (JAPANESE.test(char) || HAN.test(char)) return '。';
  if (INDIC.test(char)) return '। ';
  return SPACE_IS_PAUSE.test(char) ? ' ' : '. ';
}
