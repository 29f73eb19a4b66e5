import { setTimeout as sleep } from 'node:timers/promises';
import type { ShardSession } from '../store/processes/shard-session.ts';
import { SHARD_TIMINGS } from './timings.ts';

// Lets the bot's processes log in at Discord one after another, as Discord allows only few log-ins (Identify messages)
// at a time for all of them. PostgreSQL keeps the turns.

/**
 * Takes the turn at a place in Discord's queue for Identify messages, and gives it up after as long as Discord wants
 * between two of them. `session` returns the present session; undefined when one has to be waited for, and `none` when
 * it is better to go on without a turn. Rejects when `signal` is aborted.
 */
export async function takeTurn(
  session: () => ShardSession | undefined | 'none',
  place: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const present = session();
    if (present === 'none') return;
    if (present && (await present.takeTurn(place).catch(() => false))) {
      setTimeout(() => void present.endTurn(place).catch(() => {}), SHARD_TIMINGS.turn).unref();
      return;
    }
    await sleep(SHARD_TIMINGS.again, undefined, { signal });
  }
}
