import { Loudness } from './loudness.ts';
import { type Sketch, Sketcher } from './sketch.ts';

// Finds the pauses in a sound, which are the places where it may be cut: to join two sounds (`seam.ts`), or to leave
// out a message that was deleted. Long silences are shortened in `long-silence.ts`.

/** A stretch of silence. `from` and `to` are numbers of packets, in steps of a quarter of a packet. */
export interface Pause {
  readonly from: number;
  readonly to: number;
  /** The number of whole packets that is nearest to the middle of the pause. */
  readonly at: number;
  /** How much silence there is in it, in packets of full silence, and at most `MOST_CLARITY`. */
  readonly clarity: number;
}

const QUARTERS = 4;
/** Longer pauses do not count more, because the end of a sentence is no better place than the end of a word. */
const MOST_CLARITY = 5;

/** Finds all pauses in a sound, in order. There are pauses within words too: the closed lips of a "p" are one. */
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

/** Finds all pauses in packets of one stream, each of 20 ms. It takes about 50 µs a packet, since they are decoded. */
export function pausesOf(packets: readonly Uint8Array[]): Pause[] {
  const sketcher = new Sketcher();
  const sketches = packets.map(packet => sketcher.sketch(packet));
  return pausesIn(sketches, new Loudness(sketches));
}
