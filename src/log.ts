import { type DestinationStream, type LevelWithSilent, pino } from 'pino';
import { LogOutput } from './log-output.ts';

// Makes the logger of the whole bot, and keeps secrets and what people say out of every line.
// Change here which fields are hidden, and what is printed of an error. `log-output.ts` writes the finished lines.

/**
 * Messages are fixed texts; what varies is put into fields: ids, lengths, codes, and never what people say.
 */
export type Logger = pino.Logger;
export type LogLevel = LevelWithSilent;

const REDACTED = '[redacted]';

/** The names of fields whose value is never printed, at any depth. Those from `text` on may hold what people say. */
const HIDDEN_FIELDS =
  `authorization Authorization cookie password token secret secretKey secret_key apiKey api_key DISCORD_TOKEN
   FISH_API_KEY LLM_API_KEY text content prompt transcript requestBody`.split(/\s+/);

/** The only fields of an error that are printed besides message and stack: discord.js puts requests into its errors. */
const ERROR_FIELDS = ['name', 'code', 'status', 'kind', 'phase'] as const;

/** How many levels of nesting are printed. Deeper data, which may be circular, is cut off. */
const MAX_DEPTH = 5;

/** All loggers of the process that have no other destination write here. */
const standardOutput = new LogOutput(1);

/**
 * Makes the logger. It writes one line of JSON for each event, to standard output or to `destination`.
 *
 * None of the `secrets` can be printed, wherever it stands (message, error, stack, URL): just before a line is written,
 * their values are replaced in it, as they are, as JSON writes them, and as a URL writes them. Fields with certain
 * names (`token`, `authorization`, `text`, …) are hidden too, so that secrets that are not known at the start, such as
 * those of a voice session, are hidden as well.
 */
export function createLog(
  level: LogLevel,
  secrets: readonly string[],
  destination: DestinationStream = standardOutput,
): Logger {
  return pino(
    {
      level,
      base: null,
      // These paths are for the fields of `log.child()`, which pino does not give to `formatters.log`.
      redact: { paths: HIDDEN_FIELDS, censor: REDACTED },
      timestamp: pino.stdTimeFunctions.isoTime,
      // Without this, pino would take the plain data that `formatters.log` makes of an error for an error again.
      serializers: { err: (err: unknown) => err },
      formatters: { level: label => ({ level: label }), log: printableFields },
    },
    withoutSecrets(secrets, destination),
  );
}

/** A value as JSON writes it in a string. It is applied twice for JSON within a message, such as pino's `%o` makes. */
const escaped = (value: string) => JSON.stringify(value).slice(1, -1);

function withoutSecrets(secrets: readonly string[], destination: DestinationStream): DestinationStream {
  const spellings = secrets.flatMap(secret => {
    const inJson = escaped(secret);
    return [secret, inJson, escaped(inJson), encodeURIComponent(secret)];
  });
  // The longest come first, so that a secret that contains another one is replaced as a whole.
  const needles = [...new Set(spellings)]
    .filter(spelling => spelling !== '')
    .sort((a, b) => b.length - a.length);
  return {
    write(line) {
      destination.write(needles.reduce((text, needle) => text.replaceAll(needle, REDACTED), line));
    },
  };
}

function printableFields(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      HIDDEN_FIELDS.includes(key) ? REDACTED : printable(value, depth + 1),
    ]),
  );
}

/** What is printed of a value: plain data, the allowed fields of an error, and only the class of any other object. */
function printable(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return printableError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return `${value.origin}${value.pathname}`;
  if (Array.isArray(value)) return value.map(item => printable(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return printableFields({ ...value }, depth);
  return `[${value.constructor?.name ?? 'object'}]`;
}

function printableError(error: Error, depth: number): Record<string, unknown> {
  const fields: Record<string, unknown> = { type: error.constructor.name, message: error.message };
  for (const key of ERROR_FIELDS) {
    const field: unknown = Reflect.get(error, key);
    if (typeof field === 'string' || typeof field === 'number') fields[key] = field;
  }
  fields['stack'] = error.stack;
  if (error.cause !== undefined) fields['cause'] = printable(error.cause, depth + 1);
  if (error instanceof AggregateError) fields['errors'] = printable(error.errors, depth + 1);
  return fields;
}
