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

/** One line of two chat messages of the same person, or null where they have to be said one by one. */
export function joined(first: Line, second: Line): Line | null {
  const alike =
    first.source === 'chat' &&
    second.source === 'chat' &&
    first.userId === second.userId &&
    first.speakerId === second.speakerId &&
    first.spokenName === second.spokenName &&
    first.language === second.language &&
    first.announce === second.announce &&
    first.telling === second.telling &&
    first.priority === second.priority &&
    MANNER.every(field => first.manner[field] === second.manner[field]);
  const text = joinTexts(first.text, second.text);
  if (!alike || Buffer.byteLength(text) > second.caps.messageBytes) return null;
  return {
    ...second,
    messageId: undefined, // one of them alone cannot be taken back any more
    text,
    onFailed: error => {
      first.onFailed(error);
      second.onFailed(error);
    },
    onOutcome: reason => {
      first.onOutcome(reason);
      second.onOutcome(reason);
    },
  };
}
