import type { Sketch } from './sketch.ts';

// Tells what is loud and what is silent in a sound, compared with its own loudest and quietest parts, since voices
// differ. `sketch.ts` measures the decibels; this file makes of them the numbers from 0 to 1 that `alignment.ts`
// compares.

/** This share of the packets is louder than what we take as the loudest level of a sound. */
const LOUDEST_SHARE = 0.05;
/** This share of the packets is quieter than what we take as the quietest level of a sound. */
const QUIETEST_SHARE = 0.08;
/** The quietest level is at least this far below the loudest (dB), however noisy the sound is. */
const LEAST_RANGE_DB = 45;
/** The quietest level is at most this far below the loudest (dB), also where there is digital silence. */
const MOST_RANGE_DB = 90;
/** Up to this share of the range, counted from the quietest level, it is silence for certain. */
const SILENT_UNTIL = 0.08;
/** From this share of the range on, counted from the quietest level, it is sound for certain. */
const SOUND_FROM = 0.38;
/** In the frequency bands, levels that are lower than the loudest level by more than this count as nothing (dB). */
const BAND_RANGE_DB = 50;
/** The loudness that is assumed for a packet that could not be decoded. */
const UNKNOWN = 0.5;

/** What is compared of 20 ms of sound. All numbers are from 0 to 1. */
export interface Traits {
  /** How loud each frequency band is, lowest first; empty for a packet that could not be decoded. */
  readonly bands: readonly number[];
  readonly loudness: number;
  /** 1 is silence. */
  readonly silence: number;
}

/** Learns from one rendition what is loud and what is silent in it, and in other renditions by the same voice. */
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

  /** How silent a level of `db` is: 1 is silence for certain, 0 is sound for certain. */
  silence(db: number): number {
    return share(SOUND_FROM - this.#loudnessOf(db), SOUND_FROM - SILENT_UNTIL);
  }

  /** The traits of a packet; `sketch` is null if the packet could not be decoded. */
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
