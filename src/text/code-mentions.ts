import type { Language } from './language.ts';
import { joiningWords } from './phrases.ts';
import type { Token } from './token.ts';

// Code in a message is said as the word "code". Where several pieces are listed, that word is to be said once only.

/** English is what people write between commands, in whatever language they write otherwise. */
const ENGLISH_JOINERS = new Set(['and', 'or', 'then', 'and then', 'or else', 'vs']);
const NO_WORDS = /[^\p{L}\p{M}\p{N} ]+/gu;

/**
 * The tokens, with pieces of code that are only listed, as in "run `a` or `b`", as one piece.
 */
export function withCodeOnce(tokens: readonly Token[], language: Language): readonly Token[] {
  if (!tokens.some(({ kind }) => kind === 'code')) return tokens;
  const kept: Token[] = [];
  /** What followed the last code, as long as it only joins that code to another one. */
  let between: Token[] | undefined;
  for (const token of tokens) {
    if (token.kind === 'code') {
      if (!between) kept.push(token);
      between = [];
    } else if (
      between &&
      (token.kind === 'break' || (token.kind === 'text' && joins(token.text, language)))
    ) {
      between.push(token);
    } else {
      kept.push(...(between ?? []), token);
      between = undefined;
    }
  }
  return [...kept, ...(between ?? [])];
}

function joins(text: string, language: Language): boolean {
  const words = text.replaceAll(NO_WORDS, ' ').replaceAll(/ {2,}/g, ' ').trim().toLowerCase();
  return words === ''
    ? !/[.!?。！？]/.test(text)
    : ENGLISH_JOINERS.has(words) || joiningWords(language).has(words);
}
