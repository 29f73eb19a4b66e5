// Drops drawings of letters and signs over several lines, such as a cat of slashes or a banner.

/** How many lines a picture has at least, and how many of them with two signs or more. */
const FEWEST_LINES = 3;
const FEWEST_FULL_LINES = 2;
const FULL = /[\p{S}\p{P}].*[\p{S}\p{P}]/u;
/** Lines with emoji, mentions, links, quotes, code, spoilers, or signs that strike out, are no part of a picture. */
const WRITTEN =
  /\p{Emoji_Presentation}|\p{RI}|\ufe0f|<[@#:a-z/]|:\/\/|`|\|\|…\|\||(?<!~)~~(?!~)|^\s*(?:>|#{1,3}|-|\*)\s+[\p{L}\p{N}]/u;
/** The line between the head and the cells of a table has only these signs, and two dashes somewhere. */
const ONLY_RULES = /^[ \t|:+-]+$/;
/** The upper and lower line of the cloud that Japanese people draw around a shout. */
const FRAME = /^(?:[＿_]+人{2,}[＿_]+|￣[Y^Ｙ＾V]+￣)\s*$/u;
const DIGIT = /\p{Nd}/u;
const SYLLABIC = String.raw`\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}`;
/**
 * Two letters of an alphabet, or two that are a word or a syllable: no picture is made of them, unless they are equal.
 */
const WORD = new RegExp(
  String.raw`([\p{L}--[${SYLLABIC}]])(?!\1)[\p{L}--[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}]]|[${SYLLABIC}]{2}`,
  'v',
);
const LETTER = String.raw`[\p{L}--[${SYLLABIC}]]`;
const ENDING = '.,!?…‥。、！？，．~～〜"”」』';
/**
 * A line of cries, such as "W!!", "네~" or "え！？": single syllables, perhaps with a smile or a heart, and other letters
 * only where a sign that ends a sentence follows at once.
 */
const CRIES = new RegExp(
  String.raw`^\s*(?:\.{2,}|[…‥])?["“「『]?(?:[[${SYLLABIC}]&&\p{L}][${ENDING}\^;:♡♥♪♫\s]*|${LETTER}[${LETTER}\p{M}'’]*[${ENDING}]+\s*|[“「『](?=\p{L}))+$`,
  'v',
);
const SIGNS = /[\p{S}\p{P}]/gu;
const LETTERS = /\p{L}/gu;
const ONLY_PUNCTUATION = /^[\s.!?…。！？]*$/u;

/** The text without pictures, and without the lines between the cells of tables. Code stays: it is not read anyway. */
export function withoutDrawings(text: string): string {
  if (!text.includes('\n')) return text;
  const lines = text.split('\n');
  const kept: string[] = [];
  let picture: string[] = [];
  let inTable = false;
  const endPicture = () => {
    if (!isPicture(picture)) kept.push(...picture);
    picture = [];
  };
  for (const line of lines) {
    if (FRAME.test(line)) continue;
    const isRule = /[|+]/.test(line) && line.includes('--') && ONLY_RULES.test(line);
    inTable = isRule || (inTable && line.includes('|'));
    if (!inTable && isDrawn(line)) {
      picture.push(line);
    } else {
      endPicture();
      if (!isRule) kept.push(line);
    }
  }
  endPicture();
  return kept.length === lines.length ? text : kept.join('\n');
}

function isPicture(lines: readonly string[]): boolean {
  return lines.length >= FEWEST_LINES && lines.filter(line => FULL.test(line)).length >= FEWEST_FULL_LINES;
}

/** Whether a line may be part of a picture: it has signs, mostly, and neither a word, a number nor a cry. */
function isDrawn(line: string): boolean {
  if (DIGIT.test(line) || WRITTEN.test(line) || WORD.test(line)) return false;
  if (ONLY_PUNCTUATION.test(line) || CRIES.test(line)) return false;
  const signs = line.match(SIGNS)?.length ?? 0;
  return signs > 0 && signs >= (line.match(LETTERS)?.length ?? 0);
}
