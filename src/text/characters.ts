import { plainLetters } from './fancy-letters.ts';
import { plainNumbers } from './fancy-numbers.ts';

// Cleans the characters of a text, before its words are looked at and again at the end: removes what nobody could hear
// (invisible ones, controls, piles of accents), and makes plain letters of fancy ones. `fancy-letters.ts` and
// `fancy-numbers.ts` do the latter.

/** Characters that show as blank and have no effect on others. They become a space. */
const BLANK = /[\u115f\u1160\u2800\u3164\uffa0]/g;
const LINE_END = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
/** A tab between cells of a table that is copied from elsewhere. It becomes a sign that separates. */
const TAB = /(?<=\S) *\t[ \t]*(?=\S)/g;
const CONTROL = /[^\P{Cc}\n]/gu;
/** Characters that have no sound: interlinear annotation, private use, unassigned, and those that stand for damage. */
const SOUNDLESS = /[\ufff9-\ufffd\p{Co}\p{Cn}]/gu;

/**
 * Invisible characters. The group `$1` has those that are needed: they make up the flags of England, Scotland and
 * Wales, make a character an emoji, make one emoji of several, and join or separate letters in scripts that do that.
 */
const INVISIBLE =
  /(\u{1f3f4}[\u{e0061}-\u{e007a}]{5}\u{e007f}|\ufe0f(?<=\p{Extended_Pictographic}\ufe0f|\ufe0f(?=\u20e3))|\u200d(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?\u200d)(?=\p{Extended_Pictographic})|[\u200c\u200d](?<=[[\p{L}\p{M}]--[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Hani}\p{scx=Kana}\p{scx=Hang}\p{scx=Zinh}]].)(?=\p{L}))|\p{Default_Ignorable_Code_Point}/gv;

/** Three or more marks on one letter are decoration, except in scripts that write vowels and tones as marks. */
const CROWDED = /\p{M}{3,}/gu;
const MAX_MARKS_OF_RICH_SCRIPT = 4;
const RICH_SCRIPT =
  /[\p{scx=Arab}\p{scx=Beng}\p{scx=Deva}\p{scx=Gujr}\p{scx=Guru}\p{scx=Hebr}\p{scx=Khmr}\p{scx=Knda}\p{scx=Laoo}\p{scx=Mlym}\p{scx=Mymr}\p{scx=Orya}\p{scx=Sinh}\p{scx=Syrc}\p{scx=Taml}\p{scx=Telu}\p{scx=Thaa}\p{scx=Thai}\p{scx=Tibt}]$/u;
/** The marks that decoration is made of. A letter that is one character together with its mark keeps that mark. */
const SCRIBBLE = /(?:[[\p{scx=Zinh}&&\p{M}]--[\ufe0f\u20e3]]|[\u0483-\u0489])+/gv;
/** Marks that strike out, underline or frame, and the sign that draws Arabic letters long; not the frame of keycaps. */
const DRAWN = /(?:[\u0305\u0332-\u0338\u033f]|\u0640|[\u20d0-\u20e2]|[\u20e4-\u20f0])+/gu;

/** Texts that people write are clean after one pass, or two. */
const MAX_PASSES = 8;

const ONLY_ASCII = /^[\x20-\x7e\n]*$/;

/**
 * The text as well-formed Unicode (NFC), with only those characters that can be said. Control characters other than
 * newlines, invisible characters and floods of combining marks are removed, and fancy letters and numbers become plain.
 */
export function cleanCharacters(text: string): string {
  if (ONLY_ASCII.test(text)) return text;
  // What is removed or made plain may leave beside it what is no longer needed, such as the joiner after a fancy
  // letter.
  let cleaned = text;
  for (let passes = 0; passes < MAX_PASSES; passes += 1) {
    const before = cleaned;
    cleaned = cleanedOnce(before);
    if (cleaned === before) break;
  }
  return cleaned;
}

function cleanedOnce(text: string): string {
  const visible = text
    .toWellFormed()
    .replace(LINE_END, '\n')
    .replace(TAB, ' ¦ ')
    .replace(CONTROL, ' ')
    .replace(BLANK, ' ')
    .replace(SOUNDLESS, '')
    .replace(INVISIBLE, '$1');
  return withoutDrawing(plainLetters(plainNumbers(visible)));
}

function withoutDrawing(text: string): string {
  let scribbled = false;
  const uncrowded = text.replace(CROWDED, (marks, at: number, whole: string) => {
    if (RICH_SCRIPT.test(whole.slice(Math.max(0, at - 2), at)))
      return Array.from(marks).slice(0, MAX_MARKS_OF_RICH_SCRIPT).join('');
    scribbled = true;
    return '';
  });
  // If one letter is decorated in this way, the others are too, only with fewer marks.
  const plain = scribbled ? uncrowded.replace(SCRIBBLE, '') : uncrowded;
  return plain.normalize('NFC').replace(DRAWN, '');
}
