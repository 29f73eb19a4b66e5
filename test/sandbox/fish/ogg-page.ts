const CRC_POLYNOMIAL = 0x04c11db7;
const HEADER_BYTES = 27;
const CRC_OFFSET = 22;
/** A page without a packet that ends on it has this granule position (RFC 3533 section 6). */
const NO_PACKET_ENDS = -1n;

export const MAX_SEGMENTS = 255;
export const PAGE_CONTINUED = 1;
export const PAGE_BOS = 2;
export const PAGE_EOS = 4;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ CRC_POLYNOMIAL : crc << 1;
  return crc >>> 0;
});

/** The checksum of an Ogg page, taken with its own field zero: no reflection, initial value 0. */
function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ crcTable[(crc >>> 24) ^ byte]!) >>> 0;
  return crc;
}

/** The lacing values of a whole packet (RFC 3533 section 5): 255 for each full segment, then the rest. */
export function lacing(length: number): number[] {
  return [...Array.from<number>({ length: Math.floor(length / 255) }).fill(255), length % 255];
}

export interface PageFields {
  serial: number;
  sequence: number;
  /** PAGE_CONTINUED, PAGE_BOS, PAGE_EOS. */
  flags: number;
  /** Samples at 48 kHz up to the last packet that ends here; undefined if none does. */
  granule: number | undefined;
  segments: readonly number[];
  body: Uint8Array;
}

/** One Ogg page. Throws a RangeError past 255 segments. */
export function oggPage({ serial, sequence, flags, granule, segments, body }: PageFields): Buffer {
  if (segments.length > MAX_SEGMENTS) throw new RangeError('an Ogg page holds at most 255 segments');
  const page = Buffer.alloc(HEADER_BYTES + segments.length + body.length);
  page.write('OggS', 0, 'latin1');
  page[5] = flags;
  page.writeBigInt64LE(granule === undefined ? NO_PACKET_ENDS : BigInt(granule), 6);
  page.writeUInt32LE(serial, 14);
  page.writeUInt32LE(sequence, 18);
  page[26] = segments.length;
  page.set(segments, HEADER_BYTES);
  page.set(body, HEADER_BYTES + segments.length);
  page.writeUInt32LE(oggCrc(page), CRC_OFFSET);
  return page;
}
