import type { Voice } from '../fish/voices.ts';
import { shortened } from '../shortened.ts';

// Chooses the words for a preview of a voice: sentences of the sample that its maker has given at Fish Audio.

/** How many UTF-16 units of a sample are spoken at most, which is enough to get to know a voice. */
const MAX_LINE = 200;

/** The scripts of languages that are not written in Latin letters, by language code. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  ja: /[\p{sc=Hiragana}\p{sc=Katakana}]/u,
  zh: /\p{sc=Han}/u,
  ko: /\p{sc=Hangul}/u,
  ru: /\p{sc=Cyrillic}/u,
  uk: /\p{sc=Cyrillic}/u,
  bg: /\p{sc=Cyrillic}/u,
  ar: /\p{sc=Arabic}/u,
  fa: /\p{sc=Arabic}/u,
  he: /\p{sc=Hebrew}/u,
  el: /\p{sc=Greek}/u,
  hi: /\p{sc=Devanagari}/u,
  th: /\p{sc=Thai}/u,
};

/**
 * A few sentences of the voice's own sample in the language of a locale; undefined when there are none. Fish Audio does
 * not say in which language a sample is. It is taken to be in this language if the voice speaks it and the sample is
 * written in its script.
 */
export function sampleLine({ languages, lines }: Voice, locale: string): string | undefined {
  const [language = ''] = locale.toLowerCase().split('-', 1);
  if (!languages.includes(language)) return undefined;
  const line = lines.find(each => (SCRIPTS[language] ?? /\p{sc=Latin}/u).test(each));
  return line && sentencesOf(line);
}

/** A few sentences of the voice's own sample, in any language; undefined when it has none. */
export function anyLine({ lines }: Voice): string | undefined {
  return lines[0] && sentencesOf(lines[0]);
}

/** As many of the first sentences as `MAX_LINE` allows; if the first one is too long, its beginning. */
function sentencesOf(line: string): string {
  const plain = line.replace(/\s+/gu, ' ').trim();
  let kept = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(plain)) {
    if (kept.length + segment.length > MAX_LINE) break;
    kept += segment;
  }
  return kept.trim() || shortened(plain, MAX_LINE);
}
