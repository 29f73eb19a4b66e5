import { codeSpans } from './code-spans.ts';

// Takes out what a message hides as a spoiler, before any other stage sees it: hidden text is never said. No face,
// picture or mention of a later stage can take away a bar of a spoiler whose words are still there.

/** What is left of a spoiler, for `scan.ts` to find. */
export const EMPTY_SPOILER = '||…||';
const BARS = '||';
/** What a backslash before it makes plain text for Discord: anything but letters, digits and spaces. */
const ESCAPED = /[^0-9A-Za-z\s]/;
/** A place at which an escape, code or a spoiler may begin. */
const MAY_BEGIN = /[\\`]|\|\|/g;

/**
 * The text with `EMPTY_SPOILER` for each spoiler, which goes up to the next `||`, whatever is in it. The text is to be
 * as somebody wrote it, since Discord looks at characters that cleaning would remove.
 */
export function withoutHidden(text: string): string {
  if (!text.includes(BARS)) return text;
  const code = codeSpans(text);
  let shown = '';
  let from = 0;
  MAY_BEGIN.lastIndex = 0;
  for (let found = MAY_BEGIN.exec(text); found; found = MAY_BEGIN.exec(text)) {
    const at = found.index;
    if (found[0] === '\\') {
      MAY_BEGIN.lastIndex = at + (ESCAPED.test(text.charAt(at + 1)) ? 2 : 1);
    } else if (found[0] === '`') {
      MAY_BEGIN.lastIndex = code.get(at) ?? behindBackticks(text, at);
    } else {
      const close = closeOfSpoiler(text, at);
      if (close < 0) break;
      shown += text.slice(from, at) + EMPTY_SPOILER;
      from = close + BARS.length;
      MAY_BEGIN.lastIndex = from;
    }
  }
  return shown + text.slice(from);
}

/**
 * The place of the bars that end the spoiler whose first bars are at the place `at`; -1 if none do. These are the next
 * ones behind at least one character, whatever is before them.
 */
export function closeOfSpoiler(text: string, at: number): number {
  return text.indexOf(BARS, at + BARS.length + 1);
}

function behindBackticks(text: string, at: number): number {
  let end = at;
  while (text.charAt(end) === '`') end += 1;
  return end;
}
