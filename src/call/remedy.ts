import type { CallEnd, CallTrouble } from './errors.ts';

// Decides for a link (which keeps the bot in one voice channel) when it re-joins after a failure, and after which close
// codes of Discord it does not. `recovery.ts` remembers earlier failures, and asks here.

// Those of the voice gateway's close codes that decide what happens next (Discord, "Opcodes and Status Codes": Voice
// Close Event Codes).
const CLOSE_DISCONNECTED = 4014;
const CLOSE_DAVE_REQUIRED = 4017;
const CLOSE_RATE_LIMITED = 4021;
const CLOSE_CALL_TERMINATED = 4022;

/** The pauses before the re-joins, in ms. There are as many re-joins as pauses. */
const REJOIN_PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000];
/** A pause is up to this share longer or shorter, by chance. */
const JITTER = 0.2;

/** How long the gateway gets, after close code 4014, to say where the bot was moved, or that it was disconnected. */
const MOVE_WAIT_MS = 5_000;

/**
 * What a link does after a failure: it ends for good, or after a pause it re-joins, or applies the remedy that `next`
 * returns then. `trouble` says why people cannot hear the bot meanwhile, if that may take minutes. `news` is true when
 * they must be told of it now.
 */
export type Remedy =
  | { end: CallEnd }
  | { pauseMs: number; trouble?: CallTrouble; news?: boolean; next?: () => Remedy };

/** The pause before re-join number `attempt` (counted from 0), or the end of the link when no more are allowed. */
export function rejoinRemedy(attempt: number, end: CallEnd, random: () => number = Math.random): Remedy {
  const pause = REJOIN_PAUSES_MS[attempt];
  if (pause === undefined) return { end };
  return { pauseMs: jittered(pause, random) };
}

/** Varies a pause (ms) by chance, so that not all guilds re-join at the same moment. */
export function jittered(pauseMs: number, random: () => number = Math.random): number {
  return pauseMs * (1 + JITTER * (2 * random() - 1));
}

/** The remedy after the voice gateway has closed with `code`; `attempt` is how many re-joins there were so far. */
export function closeRemedy(code: number | undefined, attempt: number): Remedy {
  if (code === CLOSE_DAVE_REQUIRED) return { end: 'outdated' };
  if (code === CLOSE_CALL_TERMINATED) return { end: 'gone' };
  if (code === CLOSE_RATE_LIMITED) return { end: 'limited' };
  if (code === CLOSE_DISCONNECTED && attempt === 0) return { pauseMs: MOVE_WAIT_MS };
  return rejoinRemedy(attempt, 'closed');
}
