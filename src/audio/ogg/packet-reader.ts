import type { OggPage } from './page.ts';
import { isOpusHeader } from '../opus/header.ts';
import { packetSamples } from '../opus/packet.ts';
import { PartialPacket } from './partial-packet.ts';

/** OpusTags, not OpusHead. */
const TAGS_BYTE_AT = 4;
const TAGS_BYTE = 0x54;

/** Takes the Opus packets out of the pages of one logical stream (RFC 3533 §5), headers and invalid ones left out. */
export class PacketReader {
  /** Packets lost, or no valid Opus. */
  dropped = 0;
  #out: Uint8Array[] = [];
  #partial: PartialPacket | null = null;
  #inAudio = false;

  /** The comments are past, so that what comes is audio. */
  get inAudio(): boolean {
    return this.#inAudio;
  }

  /** A packet goes on over the next page. */
  get unfinished(): boolean {
    return this.#partial !== null;
  }

  /** The packets found since the last time. */
  take(): Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Another logical stream begins. */
  restart(): void {
    this.abandon();
    this.#inAudio = false;
  }

  /** The page that had the rest of an unfinished packet is missing. */
  abandon(): void {
    if (this.#partial?.alive === true) this.dropped += 1;
    this.#partial = null;
  }

  /** Before a verified page is read: does it go on with the packet that is unfinished, and with none else? */
  align(page: OggPage): void {
    if (page.empty) return;
    if (!page.continued) {
      this.abandon();
    } else if (this.#partial === null) {
      this.#partial = new PartialPacket(null);
      this.dropped += 1;
    }
  }

  /** A page turned out bad: what it still had is lost. */
  spoil(page: OggPage): void {
    // Its unfinished packet ends there, and is among those still unread.
    if (page.continued) this.#partial = null;
    this.dropped += page.unread;
  }

  /**
   * Goes on through a page as far as its bytes are in. `early`: it is not verified yet; then reading stops for
   * now at anything that does not look like audio.
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
      // Plain, also where `bytes` is a Buffer: one type for all packets, and the cheaper view.
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

  /** The end of a packet. False when it is left for later. */
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
