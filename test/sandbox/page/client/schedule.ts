/** How far ahead sound is put when it begins: packets come every 20 ms, and not always on the beat. */
const LEAD_S = 0.06;
/** More is not kept waiting: after a stall of the page, sound would lag behind for ever. */
const AHEAD_MAX_S = 1;

/**
 * When the next piece of sound starts: right behind what is scheduled, which ends at `end`, if that is still playing;
 * otherwise a moment from `now` on. All in seconds of the AudioContext's clock.
 */
export function schedule(end: number, now: number): number {
  return end > now && end - now < AHEAD_MAX_S ? end : now + LEAD_S;
}
