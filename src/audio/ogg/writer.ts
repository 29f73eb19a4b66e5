import { randomInt } from 'node:crypto';
import { oggCrc } from './crc.ts';
import { PacketError, packetSamples } from '../opus/packet.ts';

/** What libopus encoders say a decoder has to drop at the start, samples at 48 kHz (6.5 ms). */
export const PRE_SKIP_SAMPLES = 312;

/** A page holds at most a second, as RFC 7845 §6 recommends for seeking. */
const MAX_PAGE_SAMPLES = 48_000;
const MAX_SEGMENTS = 255;
const SEGMENT_BYTES = 255;
const HEADER_BYTES = 27;
const CRC_AT = 22;
const CONTINUED = 1;
const BOS = 2;
const EOS = 4;
/** No packet ends on the page (RFC 3533 §6). */
const NO_GRANULE = -1;
const STEREO = 4;
const VENDOR = 'Parrotfish';

/** How an Ogg Opus file is written. */
export interface OggOptions {
  /** Samples at 48 kHz that a decoder drops at the start: 312, or all there are if fewer. */
  readonly preSkip?: number;
  /** Tells one logical stream from another, 32 bits: at random. */
  readonly serial?: number;
}

/**
 * An Ogg Opus file of these very packets (RFC 3533, RFC 7845), of any durations, mono or stereo. The file plays
 * `samples of all packets - pre-skip`. Throws `PacketError` where one is no valid Opus packet.
 */
export function oggOpus(packets: Iterable<Uint8Array>, options: OggOptions = {}): Uint8Array {
  const all = Array.from(packets, packet => ({ packet, samples: samplesOf(packet) }));
  const total = all.reduce((sum, { samples }) => sum + samples, 0);
  const stereo = all.some(({ packet }) => ((packet[0] ?? 0) & STEREO) !== 0);
  const pages = new PageWriter(options.serial ?? randomInt(2 ** 32));
  pages.add(opusHead(stereo ? 2 : 1, options.preSkip ?? Math.min(PRE_SKIP_SAMPLES, total)), 0);
  pages.flush();
  pages.add(opusTags(), 0);
  pages.flush();
  for (const { packet, samples } of all) pages.add(packet, samples);
  return pages.end();
}

/** How long a packet plays, samples at 48 kHz. Throws `PacketError` where it is no valid Opus packet. */
export function samplesOf(packet: Uint8Array): number {
  const samples = packetSamples(packet);
  if (samples === null) throw new PacketError('not an Opus packet');
  return samples;
}

/** RFC 7845 §5.1: version 1, no gain, channel mapping family 0. */
function opusHead(channels: number, preSkip: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 'latin1');
  head[8] = 1;
  head[9] = channels;
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(48_000, 12);
  return head;
}

/** RFC 7845 §5.2, with no comments: nothing about who speaks. */
function opusTags(): Uint8Array {
  const tags = Buffer.alloc(16 + VENDOR.length);
  tags.write('OpusTags', 'latin1');
  tags.writeUInt32LE(VENDOR.length, 8);
  tags.write(VENDOR, 12, 'latin1');
  return tags;
}

/** Lays packets into pages. The last page is held back until it is known whether it is the last. */
class PageWriter {
  readonly #serial: number;
  readonly #pages: Uint8Array[] = [];
  readonly #lacing: number[] = [];
  readonly #body: Uint8Array[] = [];
  /** The samples of all packets so far: what the position of a page counts. */
  #samples = 0;
  #pageSamples = 0;
  #granule = NO_GRANULE;
  #continued = false;

  constructor(serial: number) {
    this.#serial = serial;
  }

  add(packet: Uint8Array, samples: number): void {
    const segments = Math.floor(packet.length / SEGMENT_BYTES) + 1;
    const full =
      this.#lacing.length + segments > MAX_SEGMENTS || this.#pageSamples + samples > MAX_PAGE_SAMPLES;
    if (full && this.#lacing.length > 0) this.flush();
    for (let at = 0, left = segments; left > 0; left--, at += SEGMENT_BYTES) {
      if (this.#lacing.length === MAX_SEGMENTS) {
        this.flush();
        this.#continued = true;
      }
      const segment = packet.subarray(at, at + SEGMENT_BYTES);
      this.#lacing.push(segment.length);
      this.#body.push(segment);
    }
    this.#samples += samples;
    this.#pageSamples += samples;
    this.#granule = this.#samples;
  }

  flush(last = false): void {
    const flags = (this.#continued ? CONTINUED : 0) | (this.#pages.length === 0 ? BOS : 0) | (last ? EOS : 0);
    const header = Buffer.alloc(HEADER_BYTES);
    header.write('OggS', 'latin1');
    header[5] = flags;
    header.writeBigInt64LE(BigInt(this.#granule), 6);
    header.writeUInt32LE(this.#serial, 14);
    header.writeUInt32LE(this.#pages.length, 18);
    header[26] = this.#lacing.length;
    const page = Buffer.concat([header, Uint8Array.from(this.#lacing), ...this.#body]);
    page.writeInt32LE(oggCrc(0, page, 0, page.length), CRC_AT);
    this.#pages.push(page);
    this.#lacing.length = 0;
    this.#body.length = 0;
    this.#pageSamples = 0;
    this.#granule = NO_GRANULE;
    this.#continued = false;
  }

  /** The whole file; its last page is empty if there was no audio. */
  end(): Uint8Array {
    if (this.#lacing.length === 0) this.#granule = this.#samples;
    this.flush(true);
    return Buffer.concat(this.#pages);
  }
}
