import type { CallEnd } from './errors.ts';

/**
 * Discord's voice close codes (Discord, "Opcodes and Status Codes": Voice Close Event Codes), as far as they
 * decide what happens next.
 */
const CLOSE_DISCONNECTED = 4014;
const CLOSE_DAVE_REQUIRED = 4017;
const CLOSE_RATE_LIMITED = 4021;
const CLOSE_CALL_TERMINATED = 4022;

/** Pauses before our own re-joins, in ms; there are as many re-joins as pauses. */
const REJOIN_PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000];
const JITTER = 0.2;

/** After 4014 Discord may still say where it moved us, or that we were kicked. */
const MOVE_WAIT_MS = 5_000;
/** What to do about a voice connection that failed: end for good, or re-join after a pause. */
export type Remedy = { end: CallEnd } | { pauseMs: number };

/** The pause before re-join number `attempt` (from 0) with ±20 % of jitter, or the end when none is left. */
export function rejoinRemedy(attempt: number, end: CallEnd, random: () => number = Math.random): Remedy {
  const pause = REJOIN_PAUSES_MS[attempt];
  if (pause === undefined) return { end };
  return { pauseMs: pause * (1 + JITTER * (2 * random() - 1)) };
}

/** The remedy for a close `code` of the voice gateway; `attempt` counts the re-joins so far. */
export function closeRemedy(code: number | undefined, attempt: number): Remedy {
  if (code === CLOSE_DAVE_REQUIRED) return { end: 'outdated' };
  if (code === CLOSE_CALL_TERMINATED) return { end: 'gone' };
  if (code === CLOSE_RATE_LIMITED) return { end: 'limited' };
  if (code === CLOSE_DISCONNECTED && attempt === 0) return { pauseMs: MOVE_WAIT_MS };
  return rejoinRemedy(attempt, 'closed');
}
