import type { Line, Manner } from './line.ts';

// Joins chat messages that a person writes right after each other into one line, which is said in one breath. Which
// messages may be joined, and what stands between them, is decided here; `queue.ts` tries it with each new line.

const ENDS = /[\p{P}\p{S}]$/u;
const CJK_END = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]$/u;

/**
 * Joins the texts of two messages. If the first one does not end with punctuation, some is added, so that there is a
 * pause.
 */
export function joinTexts(first: string, second: string): string {
  const head = first.trimEnd();
  if (ENDS.test(head)) return `${head} ${second}`;
  return CJK_END.test(head) ? `${head}、${second}` : `${head}. ${second}`;
}

const MANNER: readonly (keyof Manner)[] = ['voice', 'speed', 'volume', 'latency', 'temperature'];

/** Whether a chat message may be said in one breath with the line before it, as one line. */
export function mayJoin(first: Line, second: Line): boolean {
  return (
    first.source === 'chat' &&
    second.source === 'chat' &&
    first.notBefore === undefined &&
    second.notBefore === undefined &&
    first.userId === second.userId &&
    first.speakerId === second.speakerId &&
    first.spokenName === second.spokenName &&
    first.language === second.language &&
    first.announce === second.announce &&
    first.telling === second.telling &&
    first.priority === second.priority &&
    MANNER.every(field => first.manner[field] === second.manner[field]) &&
    Buffer.byteLength(joinTexts(first.text, second.text)) <= second.caps.messageBytes
  );
}

/** Makes one line of messages that may be joined (see `mayJoin`). */
export function inOneBreath(parts: readonly [Line, ...Line[]]): Line {
  return parts.reduce((first, second) => ({
    ...second,
    messageId: undefined, // the line is more than that one message
    text: joinTexts(first.text, second.text),
  }));
}
