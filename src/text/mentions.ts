import { linkAt } from './links.ts';
import type { Found, Token } from './token.ts';

/** Discord API reference, "Message Formatting" → "Formats". */
const FORMATS: readonly (readonly [RegExp, (match: RegExpExecArray) => Token])[] = [
  [/<@!?(\d{1,20})>/y, ([, id = '']) => ({ kind: 'user', id })],
  [/<@&(\d{1,20})>/y, ([, id = '']) => ({ kind: 'role', id })],
  [/<#(\d{1,20})>/y, ([, id = '']) => ({ kind: 'channel', id })],
  [/<a?:(\w{1,32}):\d{1,20}>/y, ([, name = '']) => ({ kind: 'custom-emoji', name })],
  [
    /<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y,
    ([, at, style = 'f']) => ({ kind: 'time', seconds: Number(at), style }),
  ],
  [/<\/([^:\n<>]{1,100}):\d{1,20}>/y, ([, name = '']) => ({ kind: 'command', name })],
  [/<sound:\d{1,20}:\d{1,20}>/y, () => ({ kind: 'emoji', emoji: '🔊' })],
  [/<id:(?:customize|browse|guide|linked-roles)(?::\d{1,20})?>/y, () => ({ kind: 'guide' })],
];
const EVERYBODY = /@(everyone|here)(?!\w|\.\w)/y;

/** What Discord writes between `<` and `>`, that begins at `at`. */
export function formatAt(text: string, at: number): Found | undefined {
  for (const [format, toToken] of FORMATS) {
    format.lastIndex = at;
    const match = format.exec(text);
    if (match) return { token: toToken(match), end: format.lastIndex };
  }
  const link = linkAt(text, at + 1);
  return link && text.charAt(link.end) === '>' ? { token: link.token, end: link.end + 1 } : undefined;
}

/** `@everyone` or `@here` at `at`. */
export function everybodyAt(text: string, at: number): Found | undefined {
  EVERYBODY.lastIndex = at;
  const match = EVERYBODY.exec(text);
  if (!match) return undefined;
  return { token: { kind: match[1] === 'here' ? 'here' : 'everyone' }, end: EVERYBODY.lastIndex };
}
