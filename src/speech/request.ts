import type { TtsRequest } from '../fish/protocol.ts';
import type { Manner } from './line.ts';

// Makes the request to Fish Audio for one line: its voice, volume and the like, and its speed, which grows when many
// lines wait. The fields that Fish takes, with their bounds, are in `src/fish/request.ts`.

/** Speech gets faster when more lines than this wait. */
const PATIENT_UP_TO = 3;
/** For each further line that waits, the speed grows by this. */
const FASTER_BY = 0.1;
/** The speed does not grow beyond this, because people could not follow. */
const FASTEST = 1.5;
/** The bounds of `prosody.speed` at Fish Audio. */
const SPEED = { min: 0.5, max: 2 };

/** How many times as fast as usual a line is said while `waiting` other lines wait. */
export function catchUp(waiting: number): number {
  return Math.min(FASTEST, 1 + FASTER_BY * Math.max(0, waiting - PATIENT_UP_TO));
}

/** Makes the request to Fish Audio for a line; what is usual is left out. `waiting` is how many other lines wait. */
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
