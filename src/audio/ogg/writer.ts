import { randomInt } from 'node:crypto';
import { PacketError, packetSamples } from '../opus/packet.ts';
import { oggCrc } from './crc.ts';

/** How many samples at 48 kHz a decoder drops at the start, as libopus encoders say (6.5 ms). */
export const PRE_SKIP_SAMPLES = 312;

/** A page holds at most one second, as RFC 7845 §6 recommends for seeking. */
const MAX_PAGE_SAMPLES = 48_000;
const MAX_SEGMENTS = 255;
const SEGMENT_BYTES = 255;
const HEADER_BYTES = 27;
const CRC_AT = 22;
const CONTINUED = 1;
const BOS = 2;
const EOS = 4;
/** The position of a page on which no packet ends (RFC 3533 §6). */
const NO_GRANULE = -1;
const STEREO = 4;
const VENDOR = 'Parrotfish';

/** How an Ogg Opus file is written. */
export interface OggOptions {
  /** How many samples at 48 kHz a decoder drops at the start; if absent, 312, or all if there are fewer. */
  readonly preSkip?: number;
  /** The 32-bit number of the logical stream; if absent, a random one. */
  readonly serial?: number;
}

/**
 * Writes an Ogg Opus file of these packets, which it does not change (RFC 3533, RFC 7845). They may have any durations,
 * mono or stereo. The file plays as many samples as all packets have, less the pre-skip. Throws `PacketError` if one is
 * no valid Opus packet.
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

/** How many samples at 48 kHz a packet plays. Throws `PacketError` if it is no valid Opus packet. */
export function samplesOf(packet: Uint8Array): number {
  const samples = packetSamples(packet);
  if (samples === null) throw new PacketError('not an Opus packet');
  return samples;
}

/** Makes the header OpusHead with version 1, no gain and channel mapping family 0 (RFC 7845 §5.1). */
function opusHead(channels: number, preSkip: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 'latin1');
  head[8] = 1;
  head[9] = channels;
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(48_000, 12);
  return head;
}

/** Makes the header OpusTags without comments, so that it tells nothing about who speaks (RFC 7845 §5.2). */
function opusTags(): Uint8Array {
  const tags = Buffer.alloc(16 + VENDOR.length);
  tags.write('OpusTags', 'latin1');
  tags.writeUInt32LE(VENDOR.length, 8);
  tags.write(VENDOR, 12, 'latin1');
  return tags;
}

/** Puts packets into pages. A page is written when the next packet comes, because the last one has to be marked. */
class PageWriter {
  readonly #serial: number;
  readonly #pages: Uint8Array[] = [];
  readonly #lacing: number[] = [];
  readonly #body: Uint8Array[] = [];
  /** How many samples all packets so far have; this is the position of a page. */
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
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    page.writeInt32LE(oggCrc(0, view, 0, page.length), CRC_AT);
    this.#pages.push(page);
    this.#lacing.length = 0;
    this.#body.length = 0;
    this.#pageSamples = 0;
    this.#granule = NO_GRANULE;
    this.#continued = false;
  }

  /** Returns the whole file. If there was no audio its last page is empty. */
  end(): Uint8Array {
    if (this.#lacing.length === 0) this.#granule = this.#samples;
    this.flush(true);
    return Buffer.concat(this.#pages);
  }
}
