import { OggFraming } from './framing.ts';
import type { OggPage } from './page.ts';
import { isPlayableHead } from '../opus/header.ts';
import { PacketReader } from './packet-reader.ts';
import { unpin } from './unpin.ts';

/** So many serials of other streams are remembered, so that none is taken for a stream whose head was lost. */
const MAX_FOREIGN = 64;

/** What a demuxer has met so far. */
export interface OggCounts {
  /** Pages whose CRC held, of any stream. */
  pages: number;
  /** Packets given out. */
  packets: number;
  badCrc: number;
  /** Times pages were found again after other bytes, or page numbers were missing. */
  resyncs: number;
  /** Packets known to be lost, or invalid. */
  dropped: number;
  /** Logical Opus streams. */
  streams: number;
}

/**
 * Ogg Opus bytes in, Opus packets out (RFC 3533, RFC 7845). Takes any bytes cut up in any way, never throws, and
 * holds at most a page (65,307 bytes) and a packet. Chained streams follow one another; streams of other codecs,
 * headers and invalid packets (RFC 6716 §3.4) are left out.
 *
 * A packet is given out as soon as its bytes are in, when its page is the one expected next; the page's CRC is
 * checked as soon as the page is whole. From the first wrong CRC on, packets wait until their page is verified.
 */
export class OggOpusDemuxer {
  readonly #counts = { pages: 0, packets: 0, badCrc: 0, resyncs: 0, streams: 0 };
  readonly #framing = new OggFraming({
    partly: page => this.#partly(page),
    whole: page => this.#whole(page),
    spoiled: (page, cut) => this.#spoiled(page, cut),
  });
  readonly #reader = new PacketReader();
  /** The serial of the stream that is heard. */
  #serial: number | null = null;
  readonly #foreign = new Set<number>();
  /** The number its next page should have. */
  #sequence = 0;
  /** Its last page said it is the last. */
  #ended = false;
  /** No CRC was wrong so far. */
  #trusting = true;
  /** The page whose packets are given out before it is whole. */
  #early: OggPage | null = null;

  /** The packets that are whole now. They may be views of `bytes`, which must not be changed afterwards. */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#framing.push(bytes);
    return unpin(this.#take(), bytes.buffer);
  }

  /** No more bytes come. Packets that a false page had hidden: most often none. */
  end(): Uint8Array[] {
    this.#framing.end();
    this.#reader.abandon();
    return this.#take();
  }

  /** The stream came to its end as it should: the last page said so, and nothing came after it. */
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

  /** Whether a page not yet verified is so surely the next one that its packets need not wait for its end. */
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

  /** Whether a verified page is to be heard. */
  #admit(page: OggPage): boolean {
    if (page.first) {
      if (!isPlayableHead(page.bytes.subarray(page.body, page.end))) {
        this.#ignore(page.serial);
        return false;
      }
      this.#begin(page.serial);
    } else if (page.serial !== this.#serial) {
      // Never announced: if something was lost just before, or nothing else goes on, that was its head.
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
