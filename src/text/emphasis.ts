import type { Marks, Token } from './token.ts';

// Emphasis in Discord's markdown (bold, italic, underlined, struck out), in two steps: `marksAt` makes a token of each
// run of its signs, and `pairMarks` pairs these runs, so that the signs of a pair are not text any more.

/**
 * A letter of a script that has spaces between words, or a digit. A sign between two of these is probably meant as it is written.
 */
const SPACED_WORD = /[\p{N}\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}]/u;
const DIGIT = /\p{Nd}/u;
const SPACE = /\s/u;

/** The run of `*`, `_` or `~` that begins at `at`. Its neighbours decide whether it can begin or end emphasis. */
export function marksAt(text: string, at: number): Marks {
  const sign = text.charAt(at);
  let end = at + 1;
  while (text.charAt(end) === sign) end += 1;
  const count = end - at;
  const before = text.charAt(at - 1);
  const after = text.charAt(end);
  const literal =
    sign === '~'
      ? count < 2
      : sign === '*'
        ? between(count === 1 ? SPACED_WORD : DIGIT, before, after)
        : between(SPACED_WORD, before, after);
  const beside = (char: string) => char !== '' && !SPACE.test(char);
  const whole = sign !== '_';
  return {
    kind: 'marks',
    sign,
    opens: !literal && beside(after) && (whole || !SPACED_WORD.test(before)),
    closes: !literal && beside(before) && (whole || !SPACED_WORD.test(after)),
    left: count,
  };
}

function between(kind: RegExp, before: string, after: string): boolean {
  return kind.test(before) && kind.test(after);
}

/**
 * Finds pairs of marks and takes both away; marks without a partner stay text. Pairs may cross each other, since it
 * does not matter in speech what is bold. The time grows linearly, because each step uses up a mark.
 */
export function pairMarks(tokens: readonly Token[]): void {
  const openers = new Map<string, Marks[]>();
  for (const token of tokens) {
    if (token.kind !== 'marks') continue;
    const open = openers.get(token.sign) ?? [];
    const step = token.sign === '~' ? 2 : 1;
    while (token.closes && token.left >= step) {
      const partner = open.at(-1);
      if (!partner) break;
      const both = Math.floor(Math.min(token.left, partner.left) / step) * step;
      token.left -= both;
      partner.left -= both;
      if (partner.left < step) open.pop();
    }
    if (token.opens && token.left >= step) open.push(token);
    openers.set(token.sign, open);
  }
}
