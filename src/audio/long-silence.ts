import { Sketcher } from './sketch.ts';

// Shortens long silences in what Fish Audio sends, while its packets come in. `pauses.ts` is for something else: it
// finds the short silences at which a sound may be cut.

/** Of each silence, at most this many packets are kept (3 s): people do not pause longer while they speak. */
const MOST_PACKETS = 150;
/** A packet of more bytes than this has sound in it, and need not be decoded. */
const MOST_BYTES = 64;
/** Sound below this is silence. It is a thousandth of full loudness, in dB of the square of a 16-bit sample. */
const SILENT_DB = 30;

/** Shortens silences in speech to 3 s. A sound that has nothing but silence is kept whole. */
export class LongSilence {
  readonly #sketcher = new Sketcher();
  #sounded = false;
  /** How many silent packets came last, without sound between them. */
  #silent = 0;
  /** Silent packets from the beginning of the sound, kept until it is known whether any sound comes. */
  #withheld: Uint8Array[] = [];
  #leftOut = 0;

  /** How many packets were left out or kept back until now. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Takes the next packet of 20 ms, and returns the packets that are to be heard now. */
  take(packet: Uint8Array): readonly Uint8Array[] {
    if (!this.#isSilent(packet)) {
      this.#sounded = true;
      this.#silent = 0;
      this.#withheld = [];
      return [packet];
    }
    this.#silent += 1;
    if (this.#silent <= MOST_PACKETS) return [packet];
    this.#leftOut += 1;
    if (!this.#sounded) this.#withheld.push(packet);
    return [];
  }

  /** Says that there are no more packets, and returns those that are still to be heard. */
  end(): readonly Uint8Array[] {
    return this.#withheld;
  }

  #isSilent(packet: Uint8Array): boolean {
    if (packet.length > MOST_BYTES) return false;
    const sketch = this.#sketcher.sketch(packet);
    return sketch !== null && sketch.loudness < SILENT_DB;
  }
}
