import { UserError } from '../../errors.ts';

/**
 * The most bytes of a file that somebody brings in: all that a server can set is smaller. It is checked on the event loop,
 * where a larger one would be heard in everybody's voice.
 */
export const MAX_FILE_BYTES = 131_072;
/** Values, names not counted: a full dictionary has 1,000, and 50 channels with settings of their own as many again. */
const MAX_VALUES = 4_000;
/** Settings lie three deep: the settings, their channels, one of these. */
const MAX_DEPTH = 6;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/**
 * The object that a JSON file holds, of a size that can be checked within a few milliseconds. Throws a UserError for
 * anything else, and looks at no more of it than has to be.
 */
export function readJsonFile(bytes: Buffer): Readonly<Record<string, unknown>> {
  if (bytes.length > MAX_FILE_BYTES)
    throw new UserError('attachment.too-large', { kilobytes: MAX_FILE_BYTES / 1_024 });
  if (isTooMuch(bytes)) throw new UserError('file.too-much');
  try {
    // Files saved on Windows may begin with a byte order mark.
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UserError('file.not-json');
}

/** Whether JSON holds more values than a file of ours can, or deeper ones; told without making any of them. */
function isTooMuch(json: Buffer): boolean {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === COMMA) values += 1;
    else if (OPENING.has(byte)) {
      depth += 1;
      values += 1;
    } else if (CLOSING.has(byte)) depth -= 1;
    if (values > MAX_VALUES || depth > MAX_DEPTH) return true;
  }
  return false;
}
