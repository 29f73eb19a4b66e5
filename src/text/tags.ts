import type { Language } from './language.ts';
import { Prose } from './prose.ts';
import { isPause } from './punctuation.ts';

// Removes or keeps Fish Audio's emotion tags (its documentation, "Emotion Control"). The S2 models take any words in
// square brackets, such as `[whisper]`; S1 takes words of a list in round brackets, such as `(happy)`; Drama 3 also
// takes pairs such as `<soft>like this</soft>`, with words of a short list and with names of languages.

/** A tag has a few words. Longer text in brackets is no tag. */
const MAX_TAG_LENGTH = 42;
const SQUARE = /\[[^[\]［］﹇﹈]{1,40}\]|[[\]［］﹇﹈]+/g;
/** The shortest word of the list of S1 is "sad". */
const MIN_TAG_LETTERS = 3;
const LETTER = /\p{L}/u;
/** The tags of Drama 3 that are known by name. */
const PAIR = /[<＜﹤]\s*\/?\s*(?:whisper|emphasis|soft|fast|slow|stress|forceful)\s*[>＞﹥]/gi;
/** The end of a pair. What it names has a beginning somewhere, which is no word either. */
const CLOSING = /[<＜﹤]\s*\/\s*(\p{L}[\p{L}\p{N}_-]{0,30})\s*[>＞﹥]/gu;
const OPENER = /[<＜﹤]\s*(\p{L}[\p{L}\p{N}_-]{0,30})\s*[>＞﹥]/gu;
/** Any other name in angle brackets, since it may be that of a language. */
const NAMED = /[<＜﹤][\s/]*(\p{L}[^<>＜＞﹤﹥]{0,40})[>＞﹥]/gu;
/** The beginning of a tag that is left over: one without an end, or one that arose when others were removed. */
const OPENING = /[<＜﹤](?=[\s/<＜﹤]{0,20}\p{L})/gu;

/**
 * The text without emotion tags: square and angle brackets are removed, and round brackets around a few words become
 * pauses.
 */
export function withoutTags(text: string, language: Language): string {
  // Pairs are removed twice, since a round bracket may have stood between an angle bracket and its word.
  return withoutPairs(withoutRound(withoutPairs(squares(text, false)), language));
}

/**
 * The text with its short tags in square brackets; all other square brackets are removed. Pairs are removed as well:
 * one that somebody leaves open would direct all that follows.
 */
export function withShortTags(text: string): string {
  return squares(withoutPairs(text), true);
}

function withoutPairs(text: string): string {
  if (!/[<＜﹤]/.test(text)) return text;
  const names = new Set(Array.from(text.matchAll(CLOSING), ([, name = '']) => name.toLowerCase()));
  const unpaired =
    names.size === 0
      ? text
      : text
          .replace(CLOSING, ' ')
          .replace(OPENER, (tag, name: string) => (names.has(name.toLowerCase()) ? ' ' : tag));
  return unpaired
    .replace(PAIR, ' ')
    .replace(NAMED, ' $1 ')
    .replace(OPENING, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function squares(text: string, keepTags: boolean): string {
  if (!/[[\]［］﹇﹈]/.test(text)) return text;
  return text
    .replace(keepTags ? SQUARE : /[[\]［］﹇﹈]+/g, (found, at: number) => {
      if (found.length > 2 && found.startsWith('[') && found.endsWith(']') && /[^[\]［］﹇﹈]/.test(found))
        return found;
      const before = text.charAt(at - 1);
      const after = text.charAt(at + found.length);
      return [before, after].some(char => char.trim() === '') || isPause(after) ? '' : ' ';
    })
    .replace(/ {2,}/g, ' ')
    .trim();
}

function withoutRound(text: string, language: Language): string {
  const pairs = wordyPairs(text);
  if (pairs.length === 0) return text;
  const prose = new Prose(language);
  let from = 0;
  for (const at of pairs) {
    prose.write(text.slice(from, at));
    prose.comma();
    from = at + 1;
  }
  prose.write(text.slice(from));
  return prose.text;
}

/** The places of round brackets, of either width, that have nothing but a few words between them. */
function wordyPairs(text: string): number[] {
  if (!/[)）]/.test(text)) return [];
  const found: number[] = [];
  const open: { at: number; letters: number; others: number }[] = [];
  let letters = 0;
  let others = 0;
  for (const { 0: char, index: at } of text.matchAll(/[()（）]|\p{L}|[^\p{M}\s'’-]/gu)) {
    if (char === '(' || char === '（') {
      open.push({ at, letters, others });
    } else if (char === ')' || char === '）') {
      const partner = open.pop();
      if (!partner || partner.others !== others || at - partner.at > MAX_TAG_LENGTH) continue;
      if (letters - partner.letters >= MIN_TAG_LETTERS) found.push(partner.at, at);
    } else if (LETTER.test(char)) letters += 1;
    else others += 1;
  }
  return found.sort((a, b) => a - b);
}
