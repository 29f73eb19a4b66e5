import { isPlayableHead } from '../opus/header.ts';
import { OggFraming } from './framing.ts';
import { PacketReader } from './packet-reader.ts';
import type { OggPage } from './page.ts';
import { unpin } from './unpin.ts';

// Fish Audio sends speech as an Ogg stream. This class gets its bytes and gives out the Opus packets in them, whatever
// is wrong with the bytes. It puts the other files of this folder together: `framing.ts` finds pages,
// `packet-reader.ts` packets.

/** How many numbers of ignored streams are remembered, so that none is taken for a stream whose head was lost. */
const MAX_FOREIGN = 64;

/** What a demuxer has counted so far. */
export interface OggCounts {
  /** How many pages had a right CRC, in all streams. */
  pages: number;
  /** How many packets were given out. */
  packets: number;
  /** How many pages had a wrong CRC. */
  badCrc: number;
  /** How often other bytes lay between two pages, or numbers of pages were missing. */
  resyncs: number;
  /** How many packets were invalid, or are known to be lost. */
  dropped: number;
  /** How many logical Opus streams there were. */
  streams: number;
}

/**
 * Takes Ogg Opus bytes and gives out the Opus packets in them (RFC 3533, RFC 7845). The bytes may be cut up in any way,
 * and may be anything: it never throws, and holds at most one page (65,307 bytes) and one packet. Chained streams are
 * given out one after another. Streams of other codecs, headers and invalid packets (RFC 6716 §3.4) are left out.
 *
 * If a page is the one that is expected next, its packets are given out as soon as their bytes are here, before the CRC
 * of the page can be checked. After the first wrong CRC, packets wait until their page has been checked.
 */
export class OggOpusDemuxer {
  readonly #counts = { pages: 0, packets: 0, badCrc: 0, resyncs: 0, streams: 0 };
  readonly #framing = new OggFraming({
    partly: page => this.#partly(page),
    whole: page => this.#whole(page),
    spoiled: (page, cut) => this.#spoiled(page, cut),
  });
  readonly #reader = new PacketReader();
  /** The serial number of the stream whose packets are given out. */
  #serial: number | null = null;
  /** The serial numbers of streams that are ignored. */
  readonly #foreign = new Set<number>();
  /** The number that the next page of the stream should have. */
  #sequence = 0;
  /** Whether the last page of the stream has come. */
  #ended = false;
  /** Whether no CRC was wrong until now. */
  #trusting = true;
  /** The page whose packets are given out before the page is whole. */
  #early: OggPage | null = null;

  /**
   * Takes bytes and returns the packets that are whole now. They may be views of `bytes`, so do not change these later.
   */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#framing.push(bytes);
    return unpin(this.#take(), bytes.buffer);
  }

  /** Says that no more bytes come. Returns packets that were hidden by a false page, which is most often none. */
  end(): Uint8Array[] {
    this.#framing.end();
    this.#reader.abandon();
    return this.#take();
  }

  /** Whether the stream has ended as it should: its last page is marked as the last, and nothing came after it. */
  get complete(): boolean {
    return this.#ended && this.#framing.idle;
  }

  get counts(): Readonly<OggCounts> {
    return { ...this.#counts, dropped: this.#reader.dropped };
  }

  #take(): Uint8Array[] {
    const packets = this.#reader.take();
    this.#counts.packets += packets.length;
    return packets;
  }

  #partly(page: OggPage): void {
    if (page !== this.#early && !this.#isExpected(page)) return;
    this.#early = page;
    this.#reader.read(page, true);
  }

  #whole(page: OggPage): void {
    this.#counts.pages += 1;
    if (page.skipped > 0) this.#counts.resyncs += 1;
    if (page !== this.#early && !this.#admit(page)) return;
    this.#early = null;
    this.#reader.read(page, false);
    this.#sequence = (page.sequence + 1) | 0;
    this.#ended = page.last;
  }

  #spoiled(page: OggPage, cut: boolean): void {
    if (!cut) {
      this.#counts.badCrc += 1;
      this.#trusting = false;
    }
    this.#early = null;
    if (page.serial === this.#serial) this.#reader.spoil(page);
  }

  /** Whether a page, not checked yet, fits so well as the next one that its packets need not wait for its end. */
  #isExpected(page: OggPage): boolean {
    return (
      this.#trusting &&
      this.#reader.inAudio &&
      page.serial === this.#serial &&
      page.sequence === this.#sequence &&
      page.skipped === 0 &&
      !page.first &&
      page.continued === this.#reader.unfinished
    );
  }

  /** Decides whether the packets of a checked page are given out, and adapts to a new stream or a gap. */
  #admit(page: OggPage): boolean {
    if (page.first) {
      if (!isPlayableHead(page.bytes.subarray(page.body, page.end))) {
        this.#ignore(page.serial);
        return false;
      }
      this.#begin(page.serial);
    } else if (page.serial !== this.#serial) {
      // This stream had no head. If bytes were lost just before, or no other stream goes on, the head was lost.
      const headLost = this.#serial === null || this.#ended || page.skipped > 0;
      if (!headLost || this.#foreign.has(page.serial)) return false;
      this.#begin(page.serial);
    } else if (page.sequence !== this.#sequence) {
      if (page.skipped === 0) this.#counts.resyncs += 1;
      this.#reader.abandon();
    }
    this.#reader.align(page);
    return true;
  }

  #begin(serial: number): void {
    this.#reader.restart();
    if (this.#serial !== null) this.#ignore(this.#serial);
    this.#foreign.delete(serial);
    this.#serial = serial;
    this.#counts.streams += 1;
  }

  #ignore(serial: number): void {
    if (serial === this.#serial) {
      this.#reader.abandon();
      this.#serial = null;
    }
    this.#foreign.add(serial);
    for (const oldest of this.#foreign) {
      if (this.#foreign.size <= MAX_FOREIGN) break;
      this.#foreign.delete(oldest);
    }
  }
}
