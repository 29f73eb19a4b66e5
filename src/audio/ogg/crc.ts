// The checksum of Ogg pages. Fish Audio sends speech as Ogg, so all of it is checked here, and the code is made to be
// fast.

/** The polynomial of the CRC in Ogg pages (RFC 3533 §6), which is not reflected, begins with 0 and has no final xor. */
const POLYNOMIAL = 0x04c11db7;

/** How many bytes the loop below takes at once, and so how many tables it needs. */
const STEP_BYTES = 16;

/** Sixteen tables in one array: `TABLES[k * 256 + byte]` is the CRC of `byte` followed by k zero bytes. */
const TABLES = buildTables();

function buildTables(): Int32Array {
  const tables = new Int32Array(STEP_BYTES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!;
    tables[i] = (before << 8) ^ tables[before >>> 24]!;
  }
  return tables;
}

/**
 * Continues the CRC of an Ogg page with the bytes [from, to) of `view`, and returns it as a signed 32-bit integer.
 * `crc` is the result until now, 0 at the beginning. The caller has to give zeros for the four CRC bytes in the page's
 * header. It takes sixteen bytes a step, and reads four of them at once, because every byte of speech passes through
 * here.
 */
export function oggCrc(crc: number, view: DataView, from: number, to: number): number {
  const t = TABLES;
  let at = from;
  for (const last = to - STEP_BYTES; at <= last; at += STEP_BYTES) {
    const a = crc ^ view.getInt32(at);
    const b = view.getInt32(at + 4);
    const c = view.getInt32(at + 8);
    const d = view.getInt32(at + 12);
    crc =
      t[0xf00 | (a >>> 24)]! ^
      t[0xe00 | ((a >>> 16) & 255)]! ^
      t[0xd00 | ((a >>> 8) & 255)]! ^
      t[0xc00 | (a & 255)]! ^
      t[0xb00 | (b >>> 24)]! ^
      t[0xa00 | ((b >>> 16) & 255)]! ^
      t[0x900 | ((b >>> 8) & 255)]! ^
      t[0x800 | (b & 255)]! ^
      t[0x700 | (c >>> 24)]! ^
      t[0x600 | ((c >>> 16) & 255)]! ^
      t[0x500 | ((c >>> 8) & 255)]! ^
      t[0x400 | (c & 255)]! ^
      t[0x300 | (d >>> 24)]! ^
      t[0x200 | ((d >>> 16) & 255)]! ^
      t[0x100 | ((d >>> 8) & 255)]! ^
      t[d & 255]!;
  }
  for (; at < to; at++) crc = (crc << 8) ^ t[(crc >>> 24) ^ view.getUint8(at)]!;
  return crc;
}

/** Continues the CRC of an Ogg page with four bytes that are zero, as the bytes of the CRC itself count. */
export function oggCrcOfZeros(crc: number): number {
  for (let i = 0; i < 4; i++) crc = (crc << 8) ^ TABLES[crc >>> 24]!;
  return crc;
}
