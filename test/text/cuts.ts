import { type Cut, SentenceCutter } from '../../src/text/sentences.ts';

/** What is cut of a text that comes in pieces of a few letters, and what comes only at its end. */
export function cutsOf(text: string, language: 'en' | 'ja' | 'de' = 'en', piece = 3): Cut[] {
  const cutter = new SentenceCutter(language);
  const pieces = text.match(new RegExp(`[^]{1,${piece}}`, 'gu')) ?? [];
  return [...pieces.flatMap(each => cutter.push(each)), ...cutter.end()];
}

/** The texts of `cutsOf`. */
export const textsOf = (...parts: Parameters<typeof cutsOf>) => cutsOf(...parts).map(({ text }) => text);
