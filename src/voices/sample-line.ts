import type { Voice } from '../fish/voices.ts';
import { shortened } from './voice-name.ts';

/** Enough to hear a voice by. */
const MAX_LINE = 200;

/** The scripts of the languages that are not written in Latin letters. */
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
 * What the voice says in its own sample, in the language of a locale, a few sentences at most. Fish does not tell what
 * language a sample is in: it is one of the voice's, and written in the letters of that language.
 */
export function sampleLine({ languages, lines }: Voice, locale: string): string | undefined {
  const [language = ''] = locale.toLowerCase().split('-', 1);
  if (!languages.includes(language)) return undefined;
  const line = lines.find(each => (SCRIPTS[language] ?? /\p{sc=Latin}/u).test(each));
  return line && sentencesOf(line);
}

/** A line to show, in whatever language. */
export function anyLine({ lines }: Voice): string | undefined {
  return lines[0] && sentencesOf(lines[0]);
}

/** The first sentences, as many as are short enough. */
function sentencesOf(line: string): string {
  const plain = line.replace(/\s+/gu, ' ').trim();
  let kept = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(plain)) {
    if (kept.length + segment.length > MAX_LINE) break;
    kept += segment;
  }
  return kept.trim() || shortened(plain, MAX_LINE);
}
