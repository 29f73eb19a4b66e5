import type { Line, Manner } from './line.ts';

const ENDS = /[\p{P}\p{S}]$/u;
const CJK_END = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]$/u;

/** Two messages in one breath: a pause is written between them where the first has no punctuation at its end. */
export function joinTexts(first: string, second: string): string {
  const head = first.trimEnd();
  if (ENDS.test(head)) return `${head} ${second}`;
  return CJK_END.test(head) ? `${head}、${second}` : `${head}. ${second}`;
}

const MANNER: readonly (keyof Manner)[] = ['voice', 'speed', 'volume', 'latency', 'temperature'];

/** Whether a chat message may be said in one breath with the line before it; else they are said one by one. */
export function mayJoin(first: Line, second: Line): boolean {
  return (
    first.source === 'chat' &&
    second.source === 'chat' &&
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

/** Messages that may be joined, as the one line that they are said as. */
export function inOneBreath(parts: readonly [Line, ...Line[]]): Line {
  return parts.reduce((first, second) => ({
    ...second,
    messageId: undefined, // it is more than that message
    text: joinTexts(first.text, second.text),
  }));
}
