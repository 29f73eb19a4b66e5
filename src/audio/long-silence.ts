import { Sketcher } from './sketch.ts';

/** Nobody is silent for so long in the middle of what they say: 3 s. */
const MOST_PACKETS = 150;
/** A packet of more bytes has sound in it, and need not be decoded. */
const MOST_BYTES = 64;
/** Quieter than that is silence: a thousandth of full loudness, in dB of the square of a 16-bit sample. */
const SILENT_DB = 30;

/** Leaves out of speech what is more than 3 s of silence at a stretch. A sound that has nothing but silence stays whole. */
export class LongSilence {
  readonly #sketcher = new Sketcher();
  #sounded = false;
  /** Silent packets at a stretch, up to now. */
  #silent = 0;
  /** Kept back until it is known whether there is any sound. */
  #withheld: Uint8Array[] = [];
  #leftOut = 0;

  /** How many packets were left out, or kept back, until now. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** The next packet of 20 ms. Returns those that are to be heard now. */
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

  /** There are no more packets. Returns those that are to be heard still. */
  end(): readonly Uint8Array[] {
    return this.#withheld;
  }

  #isSilent(packet: Uint8Array): boolean {
    if (packet.length > MOST_BYTES) return false;
    const sketch = this.#sketcher.sketch(packet);
    return sketch !== null && sketch.loudness < SILENT_DB;
  }
}
