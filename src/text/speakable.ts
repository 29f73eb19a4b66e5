/** Characters that are not spoken and not wanted on the wire: C0 and C1 controls, bidi controls, invisible marks. */
const UNSPOKEN =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]/gu;

/** Fish Audio's control tokens, such as `<|speaker:1|>`: nobody may switch speakers or script noises. */
const CONTROL_TOKEN_OPEN = /<[\s<|]*\|[\s|]*/g;
const CONTROL_TOKEN_CLOSE = /\|[\s|>]*>/g;

/**
 * Text as it is sent to be spoken: well-formed Unicode in one line, without invisible characters and without
 * Fish's control tokens. Empty when nothing is left that could be said.
 */
export function speakable(text: string): string {
  const line = text
    .toWellFormed()
    .replace(UNSPOKEN, ' ')
    .replace(CONTROL_TOKEN_OPEN, ' ')
    .replace(CONTROL_TOKEN_CLOSE, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return /[\p{L}\p{N}\p{S}\p{Emoji}]/u.test(line) ? line : '';
}
