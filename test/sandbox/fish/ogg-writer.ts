import { randomBytes } from 'node:crypto';
import { lacing, MAX_SEGMENTS, oggPage, PAGE_BOS, PAGE_CONTINUED, PAGE_EOS } from './ogg-page.ts';
import { packetSamples } from './opus-toc.ts';

/** The encoder's delay in samples at 48 kHz; the decoder drops as many at the start (RFC 7845 section 4.2). */
export const PRE_SKIP_SAMPLES = 312;
const SAMPLE_RATE_HZ = 48_000;
const PAGE_SAMPLES = SAMPLE_RATE_HZ;
const VENDOR = 'libopus 1.3.1, libopusenc 0.2.1';
/** libopusenc pads the comments, so that tags can be edited in place: with these, the page has 794 bytes. */
const TAGS_BYTES = 3 * 255 - 1;

export interface OggOpusOptions {
  channels?: 1 | 2 | undefined;
  /** Random without it. */
  serial?: number | undefined;
}

export interface PageOptions {
  /** Sets the end-of-stream flag. */
  eos?: boolean;
  /** Samples at 48 kHz to be cut off the end: the granule position falls short by as much. */
  endTrim?: number;
  /** Leaves the last bytes of the last packet (those after its last full segment of 255) to the next page. */
  continueLast?: boolean;
}

/** One logical Ogg Opus stream (RFC 7845): `head()` once, then pages, in order. */
export class OggOpusWriter {
  readonly channels: 1 | 2;
  readonly serial: number;
  #sequence = 0;
  #granule = 0;
  /** The packet that the last page left unfinished, and its bytes still to come. */
  #open: { packet: Uint8Array; rest: Uint8Array } | undefined;

  constructor({ channels = 1, serial = randomBytes(4).readUInt32LE() }: OggOpusOptions = {}) {
    this.channels = channels;
    this.serial = serial;
  }

  /** The two header pages: OpusHead (47 bytes, beginning of stream) and OpusTags. */
  head(): Buffer {
    return Buffer.concat([
      this.#emit(PAGE_BOS, 0, lacing(19), opusHead(this.channels)),
      this.#emit(0, 0, lacing(TAGS_BYTES), opusTags()),
    ]);
  }

  /** One page of whole packets, but for `continueLast`. Throws a RangeError past 255 segments. */
  page(
    packets: readonly Uint8Array[],
    { eos = false, endTrim = 0, continueLast = false }: PageOptions = {},
  ): Buffer {
    const segments: number[] = [];
    const parts: Uint8Array[] = [];
    let flags = eos ? PAGE_EOS : 0;
    let ended = 0;
    if (this.#open) {
      flags |= PAGE_CONTINUED;
      segments.push(...lacing(this.#open.rest.length));
      parts.push(this.#open.rest);
      this.#granule += packetSamples(this.#open.packet);
      this.#open = undefined;
      ended++;
    }
    for (const [i, packet] of packets.entries()) {
      const full = packet.length - (packet.length % 255);
      if (continueLast && i === packets.length - 1 && full > 0) {
        segments.push(...lacing(full).slice(0, -1));
        parts.push(packet.subarray(0, full));
        this.#open = { packet, rest: packet.subarray(full) };
      } else {
        segments.push(...lacing(packet.length));
        parts.push(packet);
        this.#granule += packetSamples(packet);
        ended++;
      }
    }
    const granule = ended > 0 || eos ? Math.max(0, this.#granule - endTrim) : undefined;
    return this.#emit(flags, granule, segments, Buffer.concat(parts));
  }

  #emit(flags: number, granule: number | undefined, segments: number[], body: Uint8Array): Buffer {
    return oggPage({ serial: this.serial, sequence: this.#sequence++, flags, granule, segments, body });
  }
}

/** A whole Ogg Opus file of these packets, in pages of at most a second. */
export function writeOggOpus(
  packets: readonly Uint8Array[],
  { channels = 1 }: { channels?: 1 | 2 | undefined } = {},
): Buffer {
  const writer = new OggOpusWriter({ channels });
  const file = [writer.head()];
  let page: Uint8Array[] = [];
  let samples = 0;
  let segments = 0;
  for (const packet of packets) {
    const more = lacing(packet.length).length;
    if (
      page.length > 0 &&
      (samples + packetSamples(packet) > PAGE_SAMPLES || segments + more > MAX_SEGMENTS)
    ) {
      file.push(writer.page(page));
      [page, samples, segments] = [[], 0, 0];
    }
    page.push(packet);
    samples += packetSamples(packet);
    segments += more;
  }
  file.push(writer.page(page, { eos: true }));
  return Buffer.concat(file);
}

/** RFC 7845 section 5.1, mapping family 0. */
function opusHead(channels: number): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head[8] = 1;
  head[9] = channels;
  head.writeUInt16LE(PRE_SKIP_SAMPLES, 10);
  head.writeUInt32LE(SAMPLE_RATE_HZ, 12);
  return head;
}

/** RFC 7845 section 5.2: a vendor, no comments, padding. */
function opusTags(): Buffer {
  const tags = Buffer.alloc(TAGS_BYTES);
  tags.write('OpusTags', 0, 'latin1');
  tags.writeUInt32LE(VENDOR.length, 8);
  tags.write(VENDOR, 12, 'latin1');
  return tags;
}
