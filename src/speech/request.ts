import type { TtsRequest } from '../fish/protocol.ts';
import type { Manner } from './line.ts';

/** So many may wait before speech gets faster, */
const PATIENT_UP_TO = 3;
/** by this for each one more, */
const FASTER_BY = 0.1;
/** and no faster than this, or nobody could follow. */
const FASTEST = 1.5;
/** Fish Audio's bounds of `prosody.speed`. */
const SPEED = { min: 0.5, max: 2 };

/** How many times as fast as usual a line is said while so many others wait. */
export function catchUp(waiting: number): number {
  return Math.min(FASTEST, 1 + FASTER_BY * Math.max(0, waiting - PATIENT_UP_TO));
}

/** What Fish Audio is asked for a line; what is usual is left out. `waiting`: how many other lines wait. */
export function requestFor(manner: Manner, waiting: number): Partial<TtsRequest> {
  const { voice, reference, volume, latency, temperature } = manner;
  const wanted = Math.round(manner.speed * catchUp(waiting) * 100) / 100;
  const speed = Math.min(SPEED.max, Math.max(SPEED.min, wanted));
  return {
    latency,
    ...(reference ? { references: [reference] } : voice !== undefined && { referenceId: voice }),
    ...(temperature !== null && { temperature }),
    ...((speed !== 1 || volume !== 0) && { prosody: { speed, volume } }),
  };
}
