/** How far ahead sound is put when it begins: packets come every 20 ms, and not always on the beat. */
const LEAD_S = 0.06;
/** What is put further ahead than this is late, for instance because the machine was busy. */
const LATE_S = 0.1;
/** More is not kept waiting: nobody wants to hear what was said long ago. */
const AHEAD_MAX_S = 10;

/**
 * When the next piece of sound starts: right behind what is scheduled, which ends at `end`, if that is still playing;
 * otherwise a moment from `now` on. Null where it is left out: pauses are where lost time is won back. All in seconds
 * of the AudioContext's clock.
 */
export function schedule(end: number, now: number, quiet: boolean): number | null {
  if (end - now > AHEAD_MAX_S || (quiet && end - now > LATE_S)) return null;
  return end > now ? end : now + LEAD_S;
}
