import { oggCrc, oggCrcOfZeros } from './crc.ts';

// The form of one page of an Ogg stream: how to recognise it, read its header and check it. `framing.ts` finds the
// pages.

/** The length of the fixed part of a page header (RFC 3533 §6); the lacing table follows, with one byte a segment. */
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

const CAPTURE = [0x4f, 0x67, 0x67, 0x53] as const; // "OggS"

/** Whether a page may begin at `at`, by those of its first five bytes that are here: "OggS" and version 0. */
export function mayBePage(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== CAPTURE[0]) return false;
  const known = Math.min(bytes.length - at, CAPTURE.length);
  for (let i = 1; i < known; i++) if (bytes[at + i] !== CAPTURE[i]) return false;
  const version = bytes[at + VERSION_AT];
  return version === undefined || version === 0;
}

/** Whether the whole header of the page at `at`, with its lacing table, is in `bytes`. */
export function hasHeader(bytes: Uint8Array, at: number): boolean {
  const segments = bytes[at + SEGMENTS_AT];
  return segments !== undefined && bytes.length - at >= HEADER_BYTES + segments;
}

/** One page of an Ogg stream (at most 65,307 bytes). Its body may not be complete yet. */
export class OggPage {
  /** The page is `bytes[start, end)`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Where the lacing table ends and the body begins. */
  readonly body: number;
  /** Up to here the bytes of the page have come. */
  filled: number;
  /** How many bytes just before this page belong to no page. */
  readonly skipped: number;
  /** Where the packet reader goes on in the lacing table. */
  segmentAt: number;
  /** Where the packet reader goes on in the body. */
  bodyAt: number;
  /** The same bytes as `bytes`. */
  readonly #view: DataView;
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
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#crc = oggCrcOfZeros(oggCrc(0, this.#view, start, start + CRC_AT));
    this.#crcAt = start + SEGMENTS_AT;
  }

  get whole(): boolean {
    return this.filled === this.end;
  }

  /** Whether its first packet began on the page before. */
  get continued(): boolean {
    return (this.#flags & CONTINUED) !== 0;
  }

  /** Whether it is the first page of a logical stream. */
  get first(): boolean {
    return (this.#flags & BOS) !== 0;
  }

  /** Whether it is the last page of a logical stream. */
  get last(): boolean {
    return (this.#flags & EOS) !== 0;
  }

  /** The number of its logical stream. It is only compared, so it does not matter that it may be negative. */
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

  /** How many packets have begun to come that the packet reader has not read. */
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

  /** Copies the page into memory of its own, which has room for the rest of the page. */
  detach(): OggPage {
    const own = new Uint8Array(this.end - this.start);
    own.set(this.bytes.subarray(this.start, this.filled));
    const page = new OggPage(own, 0, this.skipped);
    page.filled = this.filled - this.start;
    return page;
  }

  /** Takes the bytes that the page still lacks from `bytes`, and returns how many it took. */
  fill(bytes: Uint8Array): number {
    const taken = Math.min(this.end - this.filled, bytes.length);
    this.bytes.set(taken === bytes.length ? bytes : bytes.subarray(0, taken), this.filled);
    this.filled += taken;
    this.#sum();
    return taken;
  }

  /** Whether the page is whole and its CRC is right. */
  get sound(): boolean {
    this.#sum();
    return this.whole && this.#crc === this.#int32(CRC_AT);
  }

  /** Continues the CRC over the bytes that have come, so that little is left to do at the end of a large page. */
  #sum(): void {
    this.#crc = oggCrc(this.#crc, this.#view, this.#crcAt, this.filled);
    this.#crcAt = this.filled;
  }

  get #flags(): number {
    return this.bytes[this.start + FLAGS_AT]!;
  }

  /** Reads a signed 32-bit little-endian integer. */
  #int32(offset: number): number {
    return this.#view.getInt32(this.start + offset, true);
  }
}
