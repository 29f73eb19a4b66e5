import type { WriteStream } from 'node:tty';

// The log is JSON. Where somebody watches it at a terminal, its lines are made readable here. `src/log.ts` writes them,
// and takes out secrets before, so that one place takes care of them. This is code of our own, as a package for it
// would bring a dozen others.

/** How each level is called, padded to one width, and its colour (ECMA-48, "SGR"); `info` needs neither. */
const LEVELS: Readonly<Record<string, readonly [name: string, colour: number]>> = {
  trace: ['trace', 90],
  debug: ['debug', 90],
  info: ['     ', 0],
  warn: ['WARN ', 33],
  error: ['ERROR', 31],
  fatal: ['FATAL', 31],
};
const GREY = 90;
/** At these levels the stack of an error is shown as well. */
const WITH_STACK: ReadonlySet<unknown> = new Set(['error', 'fatal']);

/** Where a log for people is written: standard output, if that is a terminal. */
type Terminal = Pick<WriteStream, 'write' | 'hasColors'>;

/** A destination of the log that makes its JSON lines readable for people. */
export function readableLog(terminal: Terminal): { write(line: string): void } {
  const colours = terminal.hasColors?.() ?? false;
  return {
    write(line) {
      terminal.write(readable(line, colours));
    },
  };
}

/**
 * One line of the log for people: the time of day here, the level, the message, then the fields. The stack of an error
 * follows on lines of its own. A line that is no JSON object stays as it is.
 */
export function readable(line: string, colours = false): string {
  const event = objectIn(line);
  if (!event) return line;
  const { level, time, msg, err, ...fields } = event;
  const paint = (code: number, text: string) =>
    colours && code !== 0 && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  const [name, colour] = LEVELS[String(level)] ?? [String(level), 0];
  const { message, stack, ...details } = objectOf(err);
  const told = Object.entries({
    ...fields,
    ...(err !== undefined && { error: message ?? err }),
    ...brief(details),
  });
  const head = [
    paint(GREY, timeOfDay(time)),
    paint(colour, name),
    paint(colour, typeof msg === 'string' ? plain(msg) : ''),
    ...told.map(([key, value]) => `${paint(GREY, `${key}=`)}${shown(value)}`),
  ];
  const below = WITH_STACK.has(level) ? linesOfStack(stack) : [];
  return `${[head.join(' ').trimEnd(), ...below.map(each => paint(GREY, `    ${each}`))].join('\n')}\n`;
}

/** Of an error besides its message: its code, kind and the like, and the message of its cause; not its class. */
function brief(details: Record<string, unknown>): Record<string, unknown> {
  const { type: _type, name: _name, cause, ...rest } = details;
  return cause === undefined ? rest : { ...rest, cause: objectOf(cause)['message'] ?? cause };
}

/** The frames of a stack, without the message above them, which has been told. */
function linesOfStack(stack: unknown): string[] {
  if (typeof stack !== 'string') return [];
  return stack
    .split('\n')
    .map(each => plain(each.trim()))
    .filter(each => each.startsWith('at '));
}

function timeOfDay(time: unknown): string {
  const date = new Date(typeof time === 'string' ? time : Number.NaN);
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toTimeString().slice(0, 8);
}

/** A value: text without quotes where it is one word, all else as JSON. */
function shown(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"{}=]+$/.test(value)) return plain(value);
  return plain(JSON.stringify(value) ?? String(value));
}

/** Text without control characters, which could move a terminal's cursor or end the line. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

function objectIn(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null; // what is no JSON is shown as it is
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
