/** Ogg pages, read plainly from RFC 3533 section 6; shares nothing with what writes them. */

export interface RawPage {
  readonly continued: boolean;
  readonly bos: boolean;
  readonly eos: boolean;
  /** -1n where no packet ends. */
  readonly granule: bigint;
  readonly serial: number;
  readonly sequence: number;
  readonly crcRight: boolean;
  /** The pieces of packets in the page, as the lacing values cut them; the last may be unfinished. */
  readonly pieces: readonly Buffer[];
  readonly unfinished: boolean;
  readonly length: number;
}

const HEADER_BYTES = 27;
const CRC_OFFSET = 22;
const CRC_POLYNOMIAL = 0x04c11db7;

/** Throws where a page does not start with the capture pattern or is not whole. */
export function readPages(stream: Buffer): RawPage[] {
  const pages: RawPage[] = [];
  for (let at = 0; at < stream.length; ) {
    const page = readPage(stream.subarray(at));
    pages.push(page);
    at += page.length;
  }
  return pages;
}

function readPage(bytes: Buffer): RawPage {
  if (bytes.toString('latin1', 0, 5) !== 'OggS\0') throw new Error('no capture pattern');
  const lacing = bytes.subarray(HEADER_BYTES, HEADER_BYTES + bytes.readUInt8(26));
  const bodyAt = HEADER_BYTES + lacing.length;
  const length = bodyAt + lacing.reduce((sum, value) => sum + value, 0);
  if (bytes.length < length) throw new Error(`${length - bytes.length} bytes of a page are missing`);
  const pieces: Buffer[] = [];
  let [from, to] = [bodyAt, bodyAt];
  for (const value of lacing) {
    to += value;
    if (value === 255) continue;
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  const unfinished = lacing.at(-1) === 255;
  if (unfinished) pieces.push(bytes.subarray(from, to));
  const flags = bytes.readUInt8(5);
  return {
    continued: (flags & 1) !== 0,
    bos: (flags & 2) !== 0,
    eos: (flags & 4) !== 0,
    granule: bytes.readBigInt64LE(6),
    serial: bytes.readUInt32LE(14),
    sequence: bytes.readUInt32LE(18),
    crcRight: bytes.readUInt32LE(CRC_OFFSET) === crcOf(bytes.subarray(0, length)),
    pieces,
    unfinished,
    length,
  };
}

/** One bit at a time, the field itself taken as zero. */
function crcOf(page: Buffer): number {
  let crc = 0;
  for (const [at, byte] of page.entries()) {
    crc ^= (at >= CRC_OFFSET && at < CRC_OFFSET + 4 ? 0 : byte) << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000) === 0 ? crc << 1 : (crc << 1) ^ CRC_POLYNOMIAL;
  }
  return crc >>> 0;
}

/** The whole packets of the pages, headers left out. */
export function audioPackets(pages: readonly RawPage[]): Buffer[] {
  const packets: Buffer[] = [];
  let open: Buffer[] = [];
  for (const page of pages) {
    for (const [index, piece] of page.pieces.entries()) {
      open.push(piece);
      if (page.unfinished && index === page.pieces.length - 1) continue;
      packets.push(Buffer.concat(open));
      open = [];
    }
  }
  return packets.filter(packet => !/^Opus(Head|Tags)/.test(packet.toString('latin1', 0, 8)));
}
