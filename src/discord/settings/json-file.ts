import { UserError } from '../../errors.ts';

// Parses the JSON files that people import, and refuses one that is so large or so deeply nested that people would hear
// a gap in the speech while it is checked. `file-format.ts` checks what stands in them.

/**
 * The most bytes of a file that somebody imports. All settings of a guild together are smaller. The file is checked
 * on the event loop, where a larger one would take so long that people would hear a gap in the speech.
 */
export const MAX_FILE_BYTES = 131_072;
/**
 * The most values in a file, not counting names. A full dictionary has 1,000 of them, and 52 channels with their own
 * settings have about as many.
 */
const MAX_VALUES = 4_000;
/** The deepest nesting in a file. The settings need three levels: the settings, their channels, and one channel. */
const MAX_DEPTH = 6;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/**
 * Reads a JSON file that holds one object. Throws a UserError for anything else, and for a file so large or so deeply
 * nested that checking it would take more than a few milliseconds. It finds that out before it parses the file.
 * People whose file holds a list are shown the JSON text `example`.
 */
export function readJsonFile(bytes: Buffer, example: string): Readonly<Record<string, unknown>> {
  if (bytes.length > MAX_FILE_BYTES)
    throw new UserError('attachment.too-large', { kilobytes: MAX_FILE_BYTES / 1_024 });
  if (isTooMuch(bytes)) throw new UserError('file.too-much');
  try {
    // Files that were saved on Windows may begin with a byte order mark, which JSON does not allow.
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    if (Array.isArray(value)) throw new UserError('file.a-list', { example });
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UserError('file.not-json');
}

/** Whether a JSON text has more values or a deeper nesting than a file of ours can have. It counts without parsing. */
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
