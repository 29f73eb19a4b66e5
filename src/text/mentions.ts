import { linkAt } from './links.ts';
import type { Found, Token } from './token.ts';

// Finds in a message what Discord writes there for mentions, emoji, times and commands, links between `<` and `>`, and
// emoji that people type by name. `scan.ts` asks for each of them; other links are found by `links.ts`.

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
/** An emoji that is typed by its name, such as `:pepeHands:`; not a time such as 10:30:45, nor code as in `a::b`. */
const SHORTCODE =
  /:((?=[_\d+-]{0,31}[a-z])[a-z_][\w+-]{1,31}|[+-]1|100|1234):(?:(?![\w:])|(?=:[a-z_+-][\w+-]{1,31}:))/iy;
/** Names of emoji that are no words, each with the emoji that Discord calls so. */
const SIGNED: Readonly<Record<string, string>> = { '+1': '👍', '-1': '👎' };
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

/** The emoji that is typed by its name and begins at `at`; undefined if none does. */
export function shortcodeAt(text: string, at: number): Found | undefined {
  if (/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return undefined;
  SHORTCODE.lastIndex = at;
  const match = SHORTCODE.exec(text);
  const name = match?.[1];
  if (name === undefined) return undefined;
  const emoji = SIGNED[name];
  const token: Token =
    emoji === undefined
      ? { kind: 'custom-emoji', name }
      : { kind: 'emoji', emoji, written: match?.[0] ?? '' };
  return { token, end: SHORTCODE.lastIndex };
}
