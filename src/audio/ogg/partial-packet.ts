import { isOpusHeader } from '../opus/header.ts';

/** So much of a packet is kept while it is unfinished: without padding 120 ms are at most 61 kB. */
const MAX_BYTES = 64 * 1024;

/** A packet that goes on over a page's end (RFC 3533 §5): what there is of it so far. */
export class PartialPacket {
  /** Its start was lost, or it is too long: the rest is only passed over. */
  #lost: boolean;
  /** Comments may fill many pages, with pictures: nothing of them is kept. */
  readonly header: boolean;
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** From its first piece; none when the start of the packet was lost. */
  constructor(piece: Uint8Array | null) {
    this.#lost = piece === null;
    this.header = piece !== null && isOpusHeader(piece);
    if (piece !== null) this.add(piece);
  }

  /** Whether it would have been audio and can still be. */
  get alive(): boolean {
    return !this.#lost && !this.header;
  }

  /** Returns false when this made the packet too long to be one. The piece is copied, to let go of its page. */
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

  /** The whole packet with its last piece; `add` is not needed for that one. */
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
