// Music programs put a title and a picture before the sound of a file (ID3v2 tags). They are skipped here.

const HEADER_BYTES = 10;
const HAS_FOOTER = 0x10;
/** At most this many tags are skipped; real files have one. */
const MAX_TAGS = 4;

/**
 * Where a file goes on after the ID3v2 tags at its start. This may be beyond its end, if a tag claims to be longer than
 * the file.
 */
export function afterTags(bytes: Buffer): number {
  let at = 0;
  for (let tags = 0; tags < MAX_TAGS && bytes.toString('latin1', at, at + 3) === 'ID3'; tags++) {
    const [flags = 0, a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at + 5, at + HEADER_BYTES);
    // Each byte holds seven bits of the size (ID3v2.4 §6.2).
    const size = ((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127);
    at += HEADER_BYTES + size + ((flags & HAS_FOOTER) === 0 ? 0 : HEADER_BYTES);
  }
  return at;
}
