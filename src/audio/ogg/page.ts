import { oggCrc } from './crc.ts';

/** The fixed part of a page header, bytes (RFC 3533 §6); the lacing table follows, a byte a segment. */
const HEADER_BYTES = 27;
const VERSION_AT = 4;
const FLAGS_AT = 5;
const SERIAL_AT = 14;
const SEQUENCE_AT = 18;
const CRC_AT = 22;
const SEGMENTS_AT = 26;
const CONTINUED = 1;
const BOS = 2;
const EOS = 4;

const CAPTURE = [0x4f, 0x67, 0x67, 0x53] as const; // OggS
/** The CRC is taken with its own four bytes as zero. */
const NO_CRC = new Uint8Array(4);

/** Whether a page may begin at `at`, as far as its first five bytes are in: "OggS" and version 0. */
export function mayBePage(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== CAPTURE[0]) return false;
  const known = Math.min(bytes.length - at, CAPTURE.length);
  for (let i = 1; i < known; i++) if (bytes[at + i] !== CAPTURE[i]) return false;
  const version = bytes[at + VERSION_AT];
  return version === undefined || version === 0;
}

/** Whether the header of the page at `at` is in with all of its lacing table. */
export function hasHeader(bytes: Uint8Array, at: number): boolean {
  const segments = bytes[at + SEGMENTS_AT];
  return segments !== undefined && bytes.length - at >= HEADER_BYTES + segments;
}

/** One page of an Ogg stream (at most 65,307 bytes), whose body may still be on its way. */
export class OggPage {
  /** The page lies at `[start, end)` of this. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Where the body starts, and the lacing table ends. */
  readonly body: number;
  /** How far the bytes are in. */
  filled: number;
  /** How many bytes that were no page lay just before it. */
  readonly skipped: number;
  /** How far the reader of its packets has come: a place in the lacing table, and one in the body. */
  segmentAt: number;
  bodyAt: number;
  #crc: number;
  #crcAt: number;

  /** `hasHeader(bytes, start)` must hold. */
  constructor(bytes: Uint8Array, start: number, skipped: number) {
    this.bytes = bytes;
    this.start = start;
    this.segmentAt = start + HEADER_BYTES;
    this.body = this.segmentAt + bytes[start + SEGMENTS_AT]!;
    let end = this.body;
    for (let at = this.segmentAt; at < this.body; at++) end += bytes[at]!;
    this.end = end;
    this.bodyAt = this.body;
    this.filled = Math.min(end, bytes.length);
    this.skipped = skipped;
    this.#crc = oggCrc(oggCrc(0, bytes, start, start + CRC_AT), NO_CRC, 0, NO_CRC.length);
    this.#crcAt = start + SEGMENTS_AT;
  }

  get whole(): boolean {
    return this.filled === this.end;
  }

  /** Its first packet began on the page before. */
  get continued(): boolean {
    return (this.#flags & CONTINUED) !== 0;
  }

  /** The first page of a logical stream. */
  get first(): boolean {
    return (this.#flags & BOS) !== 0;
  }

  /** The last page of a logical stream. */
  get last(): boolean {
    return (this.#flags & EOS) !== 0;
  }

  /** Which logical stream it belongs to; compared only, so the sign does not matter. */
  get serial(): number {
    return this.#int32(SERIAL_AT);
  }

  /** Its number within the logical stream, as a signed 32-bit integer. */
  get sequence(): number {
    return this.#int32(SEQUENCE_AT);
  }

  get empty(): boolean {
    return this.body - this.start === HEADER_BYTES;
  }

  /** How many packets had begun to come that its reader has not come to. */
  get unread(): number {
    let packets = 0;
    let inside = false;
    let at = this.bodyAt;
    for (let i = this.segmentAt; i < this.body && at < this.filled; i++) {
      const lacing = this.bytes[i]!;
      if (!inside) packets += 1;
      inside = lacing === 255;
      at += lacing;
    }
    return packets;
  }

  /** The same page in memory of its own, just large enough, so that the rest of it can be filled in. */
  detach(): OggPage {
    const own = new Uint8Array(this.end - this.start);
    own.set(this.bytes.subarray(this.start, this.filled));
    const page = new OggPage(own, 0, this.skipped);
    page.filled = this.filled - this.start;
    return page;
  }

  /** Takes what it still lacks from `bytes`; returns how many bytes that were. */
  fill(bytes: Uint8Array): number {
    const taken = Math.min(this.end - this.filled, bytes.length);
    this.bytes.set(taken === bytes.length ? bytes : bytes.subarray(0, taken), this.filled);
    this.filled += taken;
    this.#sum();
    return taken;
  }

  /** Whether the page is whole and as it was sent. */
  get sound(): boolean {
    this.#sum();
    return this.whole && this.#crc === this.#int32(CRC_AT);
  }

  /** Sums as the bytes come, so that the end of a large page costs no more than its middle. */
  #sum(): void {
    this.#crc = oggCrc(this.#crc, this.bytes, this.#crcAt, this.filled);
    this.#crcAt = this.filled;
  }

  get #flags(): number {
    return this.bytes[this.start + FLAGS_AT]!;
  }

  /** Little-endian. */
  #int32(offset: number): number {
    const at = this.start + offset;
    const { bytes } = this;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }
}
