/** Runs of the signs that Fish Audio's control tokens, such as `<|speaker:1|>`, begin and end with, in any width. */
const SIGNS = /[<>|＜＞｜﹤﹥][<>|＜＞｜﹤﹥\s]*/g;
const OPENS_OR_CLOSES = /[<＜﹤]\s*[|｜]|[|｜]\s*[>＞﹥]/;

/**
 * Takes the power from control tokens: whoever writes may not switch speakers or script sounds. Comes after all
 * that puts text together; what it takes out becomes a space, so that nothing meets that was apart.
 */
export function withoutControlTokens(text: string): string {
  return text
    .replace(SIGNS, run => (OPENS_OR_CLOSES.test(run) ? ' ' : run))
    .replace(/[^\S\u3000]+/g, ' ')
    .trim();
}
