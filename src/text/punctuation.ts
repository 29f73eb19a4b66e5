import type { Language } from './language.ts';

const JAPANESE = /[\p{scx=Hira}\p{scx=Kana}]/u;
const HAN = /\p{scx=Hani}/u;
const ARABIC = /\p{scx=Arab}/u;
const INDIC = /[\p{scx=Deva}\p{scx=Beng}]/u;
/** They are written without punctuation: a space is the pause. */
const SPACE_IS_PAUSE = /[\p{sc=Thai}\p{sc=Laoo}]/u;
/** Written without spaces between words, or, in Korean, with endings close upon them. */
const UNSPACED =
  /[\p{scx=Hang}\p{scx=Hira}\p{scx=Kana}\p{scx=Hani}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;

const PAUSES = /[.,!?…‥:;。、，．！？：；،؛؟۔।॥–—]/u;
const WIDE = /[。、，．！？：；]/u;
const WORD = /[\p{L}\p{M}\p{N}\p{S}]/u;
const CLOSES = /\p{Pe}/u;
const OPENS = /[\p{Ps}\p{Pi}]/u;

/** The voice rests at this character anyway. */
export function isPause(char: string): boolean {
  return PAUSES.test(char);
}

/** Its width holds the space that follows others. */
export function isWide(char: string): boolean {
  return WIDE.test(char);
}

export function isClosing(char: string): boolean {
  return CLOSES.test(char);
}

export function isOpening(char: string): boolean {
  return OPENS.test(char);
}

/** Two words that meet here need a space between them. */
export function needsSpace(before: string, after: string): boolean {
  return WORD.test(before) && WORD.test(after) && !UNSPACED.test(before) && !UNSPACED.test(after);
}

/** What makes a short pause after a word that ends in `char`. */
export function commaAfter(char: string, language: Language): string {
  if (JAPANESE.test(char)) return '、';
  if (HAN.test(char)) return language === 'zh' ? '，' : '、';
  if (ARABIC.test(char)) return '، ';
  return SPACE_IS_PAUSE.test(char) ? ' ' : ', ';
}

/** What ends a sentence whose last word ends in `char`. */
export function stopAfter(char: string): string {
  if (JAPANESE.test(char) || HAN.test(char)) return '。';
  if (INDIC.test(char)) return '। ';
  return SPACE_IS_PAUSE.test(char) ? ' ' : '. ';
}
