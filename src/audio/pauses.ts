import { Loudness } from './loudness.ts';
import { type Sketch, Sketcher } from './sketch.ts';

/** A stretch of silence. Its places are in packets, parts of one counted. */
export interface Pause {
  readonly from: number;
  readonly to: number;
  /** The border between two packets that is nearest to its middle. */
  readonly at: number;
  /** How much silence it is, in packets of full silence, no more than `MOST_CLARITY`. */
  readonly clarity: number;
}

const QUARTERS = 4;
/** Longer pauses are not clearer: the end of a sentence is no better a place than the end of a word. */
const MOST_CLARITY = 5;

/** All the pauses in a sound, in order, those within a word as well: the closed lips of a p are one. */
export function pausesIn(sketches: readonly (Sketch | null)[], loudness: Loudness): Pause[] {
  const pauses: Pause[] = [];
  let from = 0;
  let sum = 0;
  let moment = 0;
  for (let quarter = 0; quarter <= sketches.length * QUARTERS; quarter++) {
    const db = sketches[Math.floor(quarter / QUARTERS)]?.quarters[quarter % QUARTERS];
    const silence = db === undefined ? 0 : loudness.silence(db);
    if (silence > 0) {
      if (sum === 0) from = quarter;
      sum += silence;
      moment += silence * (quarter + 0.5);
      continue;
    }
    if (sum === 0) continue;
    const at = Math.round(moment / sum / QUARTERS);
    const clarity = Math.min(MOST_CLARITY, sum / QUARTERS);
    pauses.push({ from: from / QUARTERS, to: quarter / QUARTERS, at, clarity });
    sum = 0;
    moment = 0;
  }
  return pauses;
}

/** All the pauses in some packets of one stream, each 20 ms. Takes about 50 µs a packet. */
export function pausesOf(packets: readonly Uint8Array[]): Pause[] {
  const sketcher = new Sketcher();
  const sketches = packets.map(packet => sketcher.sketch(packet));
  return pausesIn(sketches, new Loudness(sketches));
}
