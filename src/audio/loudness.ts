import type { Sketch } from './sketch.ts';

/** What is louder than all but so many parts of a sound is its loudest, what is quieter its quietest. */
const LOUDEST_SHARE = 0.05;
const QUIETEST_SHARE = 0.08;
/** The quietest lies so far below the loudest, in dB: digital silence lower, a noisy room higher. */
const LEAST_RANGE_DB = 45;
const MOST_RANGE_DB = 90;
/** From the quietest up to these shares of the range sound is silence for certain, and silence at all. */
const SILENT_UNTIL = 0.08;
const SOUND_FROM = 0.38;
/** Bands are told apart as far as this below the loudest sound. */
const BAND_RANGE_DB = 50;
/** What is not known is as far from sound as from silence. */
const UNKNOWN = 0.5;

/** 20 ms of sound as they are compared. All are shares, 0 to 1. */
export interface Traits {
  readonly bands: readonly number[];
  readonly loudness: number;
  readonly silence: number;
}

/** What is loud and what is silent in one rendition, and in others of the same voice. */
export class Loudness {
  readonly #loudest: number;
  readonly #quietest: number;

  constructor(sketches: readonly (Sketch | null)[]) {
    const sorted = sketches.flatMap(sketch => (sketch ? [sketch.loudness] : [])).toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;
    this.#loudest = at(1 - LOUDEST_SHARE);
    const [lowest, highest] = [this.#loudest - MOST_RANGE_DB, this.#loudest - LEAST_RANGE_DB];
    this.#quietest = Math.max(lowest, Math.min(highest, at(QUIETEST_SHARE)));
  }

  /** How silent sound of a loudness in dB is: 1 is silence, 0 is not. */
  silence(db: number): number {
    return share(SOUND_FROM - this.#loudnessOf(db), SOUND_FROM - SILENT_UNTIL);
  }

  traits(sketch: Sketch | null): Traits {
    if (!sketch) return { bands: [], loudness: UNKNOWN, silence: 0 };
    const { bands, loudness, quarters } = sketch;
    const floor = this.#loudest - BAND_RANGE_DB;
    return {
      bands: bands.map(db => share(db - floor, BAND_RANGE_DB)),
      loudness: share(this.#loudnessOf(loudness), 1),
      silence: quarters.reduce((sum, db) => sum + this.silence(db), 0) / quarters.length,
    };
  }

  #loudnessOf(db: number): number {
    return (db - this.#quietest) / (this.#loudest - this.#quietest);
  }
}

function share(part: number, whole: number): number {
  return Math.max(0, Math.min(1, part / whole));
}
