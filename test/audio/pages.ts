/** Ogg pages for the tests of src/audio, written plainly from RFC 3533 and sharing nothing with what they test. */

export interface PageOptions {
  serial?: number;
  sequence?: number;
  granule?: number;
  continued?: boolean;
  first?: boolean;
  last?: boolean;
}

/** Of each byte, one bit at a time, as RFC 3533 §6 defines it. */
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000) === 0 ? crc << 1 : (crc << 1) ^ 0x04c11db7;
  return crc;
});

function plainCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc << 8) ^ CRC_OF_BYTE[(crc >>> 24) ^ byte]!;
  return crc >>> 0;
}

/** Makes the CRC of a page right again. */
export function seal(page: Uint8Array): Uint8Array {
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  view.setUint32(22, 0, true);
  view.setUint32(22, plainCrc(page), true);
  return page;
}

/** A page with this very lacing table. */
export function rawPage(lacing: readonly number[], body: Uint8Array, options: PageOptions = {}): Uint8Array {
  const page = new Uint8Array(27 + lacing.length + body.length);
  const view = new DataView(page.buffer);
  page.set([0x4f, 0x67, 0x67, 0x53, 0]);
  page[5] = (options.continued ? 1 : 0) | (options.first ? 2 : 0) | (options.last ? 4 : 0);
  view.setBigInt64(6, BigInt(options.granule ?? 0), true);
  view.setUint32(14, options.serial ?? 1, true);
  view.setUint32(18, options.sequence ?? 0, true);
  page[26] = lacing.length;
  page.set(lacing, 27);
  page.set(body, 27 + lacing.length);
  return seal(page);
}

function lacingOf(length: number): number[] {
  return [...Array.from({ length: Math.floor(length / 255) }, () => 255), length % 255];
}

/** A page of whole packets. */
export function page(packets: readonly Uint8Array[], options: PageOptions = {}): Uint8Array {
  return rawPage(
    packets.flatMap(packet => lacingOf(packet.length)),
    concat(packets),
    options,
  );
}

export function opusHead(channels = 1, family: readonly number[] = [0]): Uint8Array {
  const head = [1, channels, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, ...family];
  return concat([new TextEncoder().encode('OpusHead'), Uint8Array.from(head)]);
}

export function opusTags(padding = 0): Uint8Array {
  const rest = Uint8Array.from([4, 0, 0, 0, 0x74, 0x65, 0x73, 0x74, 0, 0, 0, 0]);
  return concat([new TextEncoder().encode('OpusTags'), rest, new Uint8Array(padding)]);
}

export interface StreamOptions {
  serial?: number;
  /** Segments a page at most: small ones make packets go on over pages. */
  segments?: number;
  tagsPadding?: number;
  last?: boolean;
}

/** The pages of a logical Opus stream, packets laid over page ends wherever a page is full. */
export function streamPages(packets: readonly Uint8Array[], options: StreamOptions = {}): Uint8Array[] {
  const { serial = 1, segments = 255, tagsPadding = 0, last = true } = options;
  const pages = [page([opusHead()], { serial, sequence: 0, first: true })];
  const lay = (group: readonly Uint8Array[], end: boolean) => {
    const lacing = group.flatMap(packet => lacingOf(packet.length));
    const body = concat(group);
    let at = 0;
    for (let i = 0; i < lacing.length; i += segments) {
      const table = lacing.slice(i, i + segments);
      const size = table.reduce((sum, value) => sum + value, 0);
      pages.push(
        rawPage(table, body.subarray(at, at + size), {
          serial,
          sequence: pages.length,
          continued: i > 0 && lacing[i - 1] === 255,
          last: end && i + segments >= lacing.length,
        }),
      );
      at += size;
    }
  };
  lay([opusTags(tagsPadding)], last && packets.length === 0);
  lay(packets, last);
  return pages;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A 20 ms CELT packet (TOC 0xf8) that tells its number. */
export function packet20(number: number, length = 60): Uint8Array {
  const packet = new Uint8Array(length).fill(number & 0xff);
  packet.set([0xf8, number & 0xff, (number >> 8) & 0xff].slice(0, length));
  return packet;
}

export function hex(packets: readonly Uint8Array[]): string[] {
  return packets.map(packet => Buffer.from(packet).toString('hex'));
}
