import type { FishError } from './errors.ts';
import type { Lease } from './lease.ts';

// Those who wait for a live socket to Fish Audio, first come first served: who gets the next one, and who is told that
// there will be none in time. `pool.ts` has the sockets.

interface Waiter {
  /** Only a socket that has never carried a session will do. */
  readonly fresh: boolean;
  readonly settle: (outcome: { lease: Lease } | { reason: unknown }) => void;
  /** When the first attempt began that failed while this one waited (`performance.now()`). */
  failingSince?: number;
}

/** An attempt to open a socket that has failed. Times are `performance.now()`. */
interface FailedAttempt {
  readonly error: FishError;
  readonly beganAt: number;
  /** When the next attempt may be made. */
  readonly nextAt: number;
  /** How many milliseconds somebody waits at most from the beginning of the first attempt that failed. */
  readonly patienceMs: number;
}

export class Waiters {
  readonly #waiters: Waiter[] = [];

  get count(): number {
    return this.#waiters.length;
  }

  /** How many of them take only a socket that has never carried a session. */
  get fresh(): number {
    return this.#waiters.filter(({ fresh }) => fresh).length;
  }

  /**
   * Waits for a socket; with `fresh`, for one that has never carried a session. `begun` is called as soon as it waits.
   * Rejects with the signal's reason, or with that of `turnAway` or `failed`.
   */
  wait(fresh: boolean, signal: AbortSignal, begun: () => void): Promise<Lease> {
    return new Promise<Lease>((resolve, reject) => {
      const waited = new AbortController();
      const waiter: Waiter = {
        fresh,
        settle: outcome => {
          waited.abort();
          this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
          if ('lease' in outcome) resolve(outcome.lease);
          else reject(outcome.reason);
        },
      };
      signal.addEventListener('abort', () => waiter.settle({ reason: signal.reason }), {
        signal: waited.signal,
      });
      this.#waiters.push(waiter);
      begun();
    });
  }

  /** Gives to each of them, in their order, the socket that `take` finds. */
  serve(take: (fresh: boolean) => Lease | undefined): void {
    for (const waiter of this.#waiters.slice()) {
      const lease = take(waiter.fresh);
      if (lease) waiter.settle({ lease });
    }
  }

  /** Gives a new socket to the first one. */
  serveFirst(lease: Lease): void {
    this.#waiters[0]?.settle({ lease });
  }

  /** Rejects for all but the first `hopeful`. */
  turnAway(reason: unknown, hopeful = 0): void {
    for (const waiter of this.#waiters.slice(hopeful)) waiter.settle({ reason });
  }

  /** Rejects for those for whom the next attempt would come too late. */
  failed({ error, beganAt, nextAt, patienceMs }: FailedAttempt): void {
    for (const waiter of this.#waiters.slice()) {
      waiter.failingSince ??= beganAt;
      if (nextAt - waiter.failingSince > patienceMs) waiter.settle({ reason: error });
    }
  }
}
