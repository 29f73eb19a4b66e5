// Fish Audio understands certain signs in a text as orders, such as to change the speaker. They are removed here, so
// that nobody can give such orders with a message.

/** Runs of the signs with which Fish Audio's control tokens, such as `<|speaker:1|>`, begin and end, in any width. */
const SIGNS = /[<>|＜＞｜﹤﹥][<>|＜＞｜﹤﹥\s]*/g;
const OPENS_OR_CLOSES = /[<＜﹤]\s*[|｜]|[|｜]\s*[>＞﹥]/;

/**
 * Removes the signs of Fish Audio's control tokens. It must come after everything that puts text together. What it
 * removes becomes a space, so that no new token is made of what was apart before.
 */
export function withoutControlTokens(text: string): string {
  return text
    .replace(SIGNS, run => (OPENS_OR_CLOSES.test(run) ? ' ' : run))
    .replace(/[^\S\u3000]+/g, ' ')
    .trim();
}
