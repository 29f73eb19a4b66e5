import { linkAt } from './links.ts';
import type { Found, Token } from './token.ts';

// Finds what Discord writes into messages for mentions, emoji, times and commands.

/** The formats of Discord (API reference, "Message Formatting" → "Formats"), each with how to make a token of it. */
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

/** The mention, custom emoji, time, command or link between `<` and `>` that begins at `at`; undefined if none does. */
export function formatAt(text: string, at: number): Found | undefined {
  for (const [format, toToken] of FORMATS) {
    format.lastIndex = at;
    const match = format.exec(text);
    if (match) return { token: toToken(match), end: format.lastIndex };
  }
  const link = linkAt(text, at + 1);
  return link && text.charAt(link.end) === '>' ? { token: link.token, end: link.end + 1 } : undefined;
}

/** The `@everyone` or `@here` that begins at `at`; undefined if none does. */
export function everybodyAt(text: string, at: number): Found | undefined {
  EVERYBODY.lastIndex = at;
  const match = EVERYBODY.exec(text);
  if (!match) return undefined;
  return { token: { kind: match[1] === 'here' ? 'here' : 'everyone' }, end: EVERYBODY.lastIndex };
}
