import type { ReadMark } from '../../store/kept/kept-facts.ts';
import { MARK_EVERY_MS } from './read-marks.ts';

// Says which messages of a guild were not read by its former process, by the mark that this one left in the store.
// `catch-up.ts` asks Discord for them.

/** What was written longer ago is not read any more: people have gone on by then. */
const TOO_OLD_MS = 30_000;
/**
 * A process that was killed may have said what was written within this time after the newest message of its mark, in
 * milliseconds: a mark is written `MARK_EVERY_MS` after the one before at the latest, and so may its newest message be.
 */
const UNSURE_MS = 2 * MARK_EVERY_MS;
/** The first moment that Discord's ids know, in milliseconds since 1970; the time is above the lowest 22 bits. */
const EPOCH_MS = 1_420_070_400_000;
const TIME_SHIFT = 22n;

/** The messages that a guild's former process did not read. */
export interface UnreadRange {
  /** They all have greater ids than this one. */
  readonly after: bigint;
  /** Whether it is one of them, of those behind `after`. */
  readonly holds: (messageId: string) => boolean;
}

/**
 * Returns which messages the former process of a guild did not read, by the mark that it left; null if that is not
 * known. `wasKilled` says that Discord shows the bot in a voice channel that the former process did not leave, so that
 * it fell silent when it stopped writing marks. `now` is in milliseconds since 1970.
 */
export function unreadRange(
  { newest, leftOpen }: ReadMark,
  { wasKilled, now }: { readonly wasKilled: boolean; readonly now: number },
): UnreadRange | null {
  const recent = idAt(now - TOO_OLD_MS);
  const later = (one: bigint, other: bigint) => (one > other ? one : other);
  if (leftOpen) {
    const left = new Set(leftOpen);
    const before = [...left].map(id => BigInt(id) - 1n);
    const first = before.reduce((one, other) => (one < other ? one : other), BigInt(newest));
    return { after: later(first, recent), holds: id => BigInt(id) > BigInt(newest) || left.has(id) };
  }
  if (!wasKilled) return null;
  return {
    after: later(BigInt(newest) + (BigInt(UNSURE_MS) << TIME_SHIFT), recent),
    holds: () => true,
  };
}

/** The lowest id of what is written at a time, in milliseconds since 1970. */
function idAt(ms: number): bigint {
  return BigInt(Math.max(0, Math.floor(ms) - EPOCH_MS)) << TIME_SHIFT;
}
