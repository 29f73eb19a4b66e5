import { isOpusHeader } from '../opus/header.ts';

// A packet may begin in one Ogg page and end in another. Its pieces are gathered here for `packet-reader.ts`.

/** At most this many bytes of an unfinished packet are kept. Without padding, a packet of 120 ms has at most 61 kB. */
const MAX_BYTES = 64 * 1024;

/** Gathers the pieces of a packet that goes on beyond the end of a page (RFC 3533 §5). */
export class PartialPacket {
  /** Whether its start was lost, or it is too long; then its pieces are not kept. */
  #lost: boolean;
  /** Whether it is a header. Headers may fill many pages, with pictures, so their pieces are not kept. */
  readonly header: boolean;
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** `piece` is the first piece; null if the start of the packet was lost. */
  constructor(piece: Uint8Array | null) {
    this.#lost = piece === null;
    this.header = piece !== null && isOpusHeader(piece);
    if (piece !== null) this.add(piece);
  }

  /** Whether it can become a packet of audio. */
  get alive(): boolean {
    return !this.#lost && !this.header;
  }

  /** Adds a piece; returns false if the packet is too long now. The piece is copied, so that its page can be freed. */
  add(piece: Uint8Array): boolean {
    if (!this.alive) return true;
    this.#length += piece.length;
    if (this.#length <= MAX_BYTES) {
      this.#pieces.push(piece.slice());
      return true;
    }
    this.#lost = true;
    this.#pieces = [];
    return false;
  }

  /** Returns the whole packet; `last` is its last piece, which must not be added before. */
  joined(last: Uint8Array): Uint8Array {
    const packet = new Uint8Array(this.#length + last.length);
    let at = 0;
    for (const piece of [...this.#pieces, last]) {
      packet.set(piece, at);
      at += piece.length;
    }
    return packet;
  }
}
