import { setTimeout as sleep } from 'node:timers/promises';

/** Discord takes one Identify in so long from each of the shards that share a place in its queue ("Gateway": Rate Limiting). */
const BETWEEN_MS = 5_000;
/**
 * Who identifies again and again is refused by Discord for the rest of the day, or has its token reset, after a
 * thousand times. The pauses of one shard grow with each time in the past hour, so that an hour has at most 30.
 */
const HOUR_MS = 3_600_000;
const LONGEST_PAUSE_MS = 180_000;

export interface IdentifyPaceOptions {
  /** How many shards may identify at once, as Discord said last. */
  readonly concurrency: () => Promise<number>;
  /** A shard identifies, for the n-th time within an hour. */
  readonly onIdentify: (shardId: number, times: number) => void;
}

/** Lets shards identify one after another, by the monotonic clock, and rarely those that do it often. */
export class IdentifyPace {
  readonly #options: IdentifyPaceOptions;
  /** The turn of whoever came last, by place in Discord's queue, and when the next may begin. */
  readonly #queues = new Map<number, { last: Promise<unknown>; freeAt: number }>();
  /** When each shard identified within the past hour. */
  readonly #times = new Map<number, number[]>();

  constructor(options: IdentifyPaceOptions) {
    this.#options = options;
  }

  /** Resolves when the shard may identify; rejects when `signal` is aborted, and then nothing was used up. */
  async waitForIdentify(shardId: number, signal: AbortSignal): Promise<void> {
    const past = () => (this.#times.get(shardId) ?? []).filter(at => at > performance.now() - HOUR_MS);
    const until = (at: number) => sleep(Math.max(0, at - performance.now()), undefined, { signal });
    await until((past().at(-1) ?? 0) + pauseAfter(past().length)); // others need not wait for that
    const place = shardId % (await this.#options.concurrency());
    const queue = this.#queues.get(place) ?? { last: Promise.resolve(), freeAt: 0 };
    this.#queues.set(place, queue);
    const before = queue.last;
    const turn = Promise.withResolvers<void>();
    queue.last = turn.promise;
    try {
      await before;
      await until(queue.freeAt);
      queue.freeAt = performance.now() + BETWEEN_MS;
      this.#times.set(shardId, [...past(), performance.now()]);
      this.#options.onIdentify(shardId, past().length);
    } finally {
      turn.resolve();
    }
  }
}

/** The pause before a shard that has identified so many times within an hour does it once more, in ms. */
export function pauseAfter(times: number): number {
  return times === 0 ? 0 : Math.min(BETWEEN_MS * 2 ** (times - 1), LONGEST_PAUSE_MS);
}
