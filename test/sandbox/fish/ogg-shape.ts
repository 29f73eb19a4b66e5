/**
 * The kind of Opus packet (RFC 6716 section 3). Fish sends `plain`: one 20 ms CELT frame, mono, TOC 0xf8.
 * `60ms` is three 20 ms frames in a code 3 packet, `padded` a 20 ms frame in code 3 with padding.
 */
export type PacketShape =
  | 'plain'
  | '10ms'
  | '60ms'
  | 'two-10ms'
  | 'padded'
  | 'stereo'
  | 'silk-40ms'
  | 'silk-60ms';

/** Ways to cut the same audio that are legal Ogg (RFC 3533, RFC 7845), and some that are not. */
export interface OggShape {
  packet: PacketShape;
  /** A new logical stream (BOS, serial, headers) for each text that is synthesised. */
  chainPerFlush: boolean;
  /** Pages end inside a packet, which goes on in the next page; packets grow to about 650 bytes. */
  continuePackets: boolean;
  /** The last page carries the end-of-stream flag. */
  eos: boolean;
  /** The page (0 is OpusHead) whose checksum is wrong. */
  badCrcAtPage?: number | undefined;
  /** Bytes missing at the end of the last page. */
  truncateTail: number;
  /** Audio events of one byte, or of random lengths (seeded), instead of whole pages. */
  splitEvents?: 'byte' | 'random' | undefined;
  seed: number;
  pagesPerEvent: number;
  /** The header pages in an event of their own. */
  headersApart: boolean;
}

export const plainOgg: Readonly<OggShape> = {
  packet: 'plain',
  chainPerFlush: false,
  continuePackets: false,
  eos: true,
  truncateTail: 0,
  seed: 1,
  pagesPerEvent: 1,
  headersApart: false,
};
