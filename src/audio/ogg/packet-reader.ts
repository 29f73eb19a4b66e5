import { isOpusHeader } from '../opus/header.ts';
import { packetSamples } from '../opus/packet.ts';
import type { OggPage } from './page.ts';
import { PartialPacket } from './partial-packet.ts';

// Takes the packets out of the pages that `framing.ts` found; `partial-packet.ts` helps with a packet that goes over
// two pages.

/** The byte that tells the header OpusTags from OpusHead. */
const TAGS_BYTE_AT = 4;
/** The letter T, as in OpusTags. */
const TAGS_BYTE = 0x54;

/**
 * Takes the Opus packets out of the pages of one logical stream (RFC 3533 §5). Headers and invalid packets are left
 * out.
 */
export class PacketReader {
  /** How many packets were lost, or were no valid Opus packets. */
  dropped = 0;
  #out: Uint8Array[] = [];
  #partial: PartialPacket | null = null;
  #inAudio = false;

  /** Whether the headers are over, so that the packets that come are audio. */
  get inAudio(): boolean {
    return this.#inAudio;
  }

  /** Whether the last packet goes on in the next page. */
  get unfinished(): boolean {
    return this.#partial !== null;
  }

  /** Returns the packets that were found since the last call. */
  take(): Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Says that another logical stream begins. */
  restart(): void {
    this.abandon();
    this.#inAudio = false;
  }

  /** Gives up an unfinished packet, because the page with the rest of it is missing. */
  abandon(): void {
    if (this.#partial?.alive === true) this.dropped += 1;
    this.#partial = null;
  }

  /**
   * Call this before a checked page is read. An unfinished packet is given up if the page does not continue it.
   */
  align(page: OggPage): void {
    if (page.empty) return;
    if (!page.continued) {
      this.abandon();
    } else if (this.#partial === null) {
      this.#partial = new PartialPacket(null);
      this.dropped += 1;
    }
  }

  /** Says that a page has a wrong CRC, so that the packets which were not read from it yet are lost. */
  spoil(page: OggPage): void {
    // A packet that continues on this page is counted among the unread ones, so it is not counted here.
    if (page.continued) this.#partial = null;
    this.dropped += page.unread;
  }

  /**
   * Reads on in a page as far as its bytes are here. `early` says that the page has not been checked yet; then reading
   * stops, for now, at anything that does not look like audio.
   */
  read(page: OggPage, early: boolean): void {
    const { bytes, body, filled } = page;
    while (page.segmentAt < body) {
      let segmentAt = page.segmentAt;
      let to = page.bodyAt;
      let lacing = 255;
      while (lacing === 255 && segmentAt < body) {
        lacing = bytes[segmentAt++]!;
        to += lacing;
      }
      const unfinished = lacing === 255;
      if (to > filled || (unfinished && early)) return;
      // This makes a plain Uint8Array also of a Buffer, so that all packets have one type; it is the cheaper view too.
      const piece = new Uint8Array(bytes.buffer, bytes.byteOffset + page.bodyAt, to - page.bodyAt);
      if (unfinished) this.#keep(piece);
      else if (!this.#finish(piece, early)) return;
      page.segmentAt = segmentAt;
      page.bodyAt = to;
    }
  }

  #keep(piece: Uint8Array): void {
    if (this.#partial === null) this.#partial = new PartialPacket(piece);
    else if (!this.#partial.add(piece)) this.dropped += 1;
  }

  /** Takes the last piece of a packet. Returns false if the packet has to wait until the page is checked. */
  #finish(piece: Uint8Array, early: boolean): boolean {
    const partial = this.#partial;
    if (partial === null ? isOpusHeader(piece) : !partial.alive) {
      this.#inAudio ||= partial === null ? piece[TAGS_BYTE_AT] === TAGS_BYTE : partial.header;
    } else {
      const packet = partial === null ? piece : partial.joined(piece);
      const valid = packetSamples(packet) !== null;
      if (!valid && early) return false;
      if (valid) this.#out.push(packet);
      else this.dropped += 1;
      this.#inAudio ||= valid;
    }
    this.#partial = null;
    return true;
  }
}
