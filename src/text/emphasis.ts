import type { Marks, Token } from './token.ts';

// Emphasis in Discord's markdown (bold, italic, underlined, struck out), in two steps: `marksAt` makes a token of each
// run of its signs, and `pairMarks` pairs these runs, so that the signs of a pair are not text any more.

/**
 * A letter of a script that has spaces between words, or a digit. A sign between two of these is probably meant as it
 * is written.
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
  if (sign === '~') {
    // Discord strikes out whatever stands between two pairs of these. But people also draw a word out with them ("see
    // you~~ bye"), so a run with a space behind it begins nothing, unless it is a pair at the beginning of a line. One
    // alone never finds a partner, as `pairMarks` takes two at a time.
    const opens = beside(after) || (count === 2 && beginsLine(text, at));
    return { kind: 'marks', sign, opens, closes: true, left: count };
  }
  const literal =
    sign === '*'
      ? between(count === 1 ? SPACED_WORD : DIGIT, before, after)
      : between(SPACED_WORD, before, after);
  const whole = sign === '*';
  return {
    kind: 'marks',
    sign,
    opens: !literal && beside(after) && (whole || !SPACED_WORD.test(before)),
    closes: !literal && beside(before) && (whole || !SPACED_WORD.test(after)),
    left: count,
  };
}

function beside(char: string): boolean {
  return char !== '' && !SPACE.test(char);
}

/** Whether nothing but spaces stands before a place in its line. */
function beginsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && text.charAt(before) !== '\n' && SPACE.test(text.charAt(before))) before -= 1;
  return before < 0 || text.charAt(before) === '\n';
}

function between(kind: RegExp, before: string, after: string): boolean {
  return kind.test(before) && kind.test(after);
}

/**
 * Finds pairs of marks and takes both away; marks without a partner stay text. Pairs may cross each other, since it
 * does not matter in speech what is bold. Returns the places of the tokens between which something is struck out. The
 * time grows linearly, because each step uses up a mark.
 */
function pairMarks(tokens: readonly Token[]): readonly (readonly [from: number, to: number])[] {
  const openers = new Map<string, { readonly marks: Marks; readonly index: number }[]>();
  const struck: [number, number][] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'marks') continue;
    const open = openers.get(token.sign) ?? [];
    const step = token.sign === '~' ? 2 : 1;
    while (token.closes && token.left >= step) {
      const partner = open.at(-1);
      if (!partner) break;
      const both = Math.floor(Math.min(token.left, partner.marks.left) / step) * step;
      token.left -= both;
      partner.marks.left -= both;
      if (token.sign === '~') struck.push([partner.index, index]);
      if (partner.marks.left < step) open.pop();
    }
    if (token.opens && token.left >= step) open.push({ marks: token, index });
    openers.set(token.sign, open);
  }
  return struck;
}

/**
 * The tokens as they are read: what is struck out is left out, unless nothing else was written, and signs of emphasis
 * that have no partner are part of the text around them.
 */
export function readableTokens(tokens: readonly Token[]): readonly Token[] {
  const struck = pairMarks(tokens);
  const left = struck.length === 0 ? tokens : withoutStruck(tokens, struck);
  const merged: Token[] = [];
  for (const token of left) {
    const text =
      token.kind === 'marks' ? token.sign.repeat(token.left) : token.kind === 'text' ? token.text : undefined;
    const last = merged.at(-1);
    if (text === undefined) merged.push(token);
    else if (last?.kind === 'text') merged[merged.length - 1] = { kind: 'text', text: last.text + text };
    else if (text !== '') merged.push({ kind: 'text', text });
  }
  return merged;
}

function withoutStruck(
  tokens: readonly Token[],
  struck: readonly (readonly [number, number])[],
): readonly Token[] {
  const hidden = new Uint8Array(tokens.length);
  let until = -1;
  for (const [from, to] of [...struck].sort(([a], [b]) => a - b)) {
    for (let at = Math.max(from, until); at <= to; at++) hidden[at] = 1;
    until = Math.max(until, to);
  }
  const rest = tokens.filter((_, at) => hidden[at] === 0);
  return rest.some(isSaid) ? rest : tokens;
}

function isSaid(token: Token): boolean {
  if (token.kind === 'text') return /[\p{L}\p{N}]/u.test(token.text);
  return token.kind !== 'break' && token.kind !== 'marks' && token.kind !== 'face';
}
