/** The polynomial of the CRC in Ogg pages (RFC 3533 §6), which is not reflected, begins with 0 and has no final xor. */
const POLYNOMIAL = 0x04c11db7;

/** Eight tables in one array: `TABLES[k * 256 + byte]` is the CRC of `byte` followed by k zero bytes. */
const TABLES = buildTables();

function buildTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
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
 * Continues the CRC of an Ogg page with `bytes[from, to)`, and returns it as a signed 32-bit integer. `crc` is the
 * result until now, 0 at the beginning. The caller has to give zeros for the four CRC bytes in the page's header. It
 * takes eight bytes a step, because every byte of speech passes through here.
 */
export function oggCrc(crc: number, bytes: Uint8Array, from: number, to: number): number {
  const t = TABLES;
  let at = from;
  for (const last = to - 8; at <= last; at += 8) {
    const high = crc ^ bigEndian32(bytes, at);
    crc =
      t[0x700 | (high >>> 24)]! ^
      t[0x600 | ((high >>> 16) & 255)]! ^
      t[0x500 | ((high >>> 8) & 255)]! ^
      t[0x400 | (high & 255)]! ^
      t[0x300 | bytes[at + 4]!]! ^
      t[0x200 | bytes[at + 5]!]! ^
      t[0x100 | bytes[at + 6]!]! ^
      t[bytes[at + 7]!]!;
  }
  for (; at < to; at++) crc = (crc << 8) ^ t[(crc >>> 24) ^ bytes[at]!]!;
  return crc;
}

function bigEndian32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
