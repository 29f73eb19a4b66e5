/** The polynomial of RFC 3533 §6: not reflected, initial value 0, no final xor. */
const POLYNOMIAL = 0x04c11db7;

/** Eight tables in one: `TABLES[k * 256 + byte]` is the CRC of `byte` followed by k zero bytes. */
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
 * Goes on with an Ogg page CRC over `bytes[from, to)`; start with 0. The four CRC bytes of the page's own header
 * count as zero. Returns a signed 32-bit integer. Eight bytes a step, since this reads every byte that is heard.
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
