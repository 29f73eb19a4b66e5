import { setTimeout as sleep } from 'node:timers/promises';

// Decides when a shard (one of the bot's connections to Discord) may "identify", which means: begin a new gateway
// session. Discord allows few of these at a time, and only about a thousand a day.

/**
 * Shards that share a place in Discord's queue may send one Identify message in this time (Discord, "Gateway", Rate
 * Limiting).
 */
const BETWEEN_MS = 5_000;
/** Two messages may take different times to reach Discord, so a little more than that is left between them. */
const SPARE_MS = 500;
/**
 * After about a thousand Identify messages in a day Discord refuses more of them, or resets the bot's token. So the
 * pauses of a shard grow with each Identify of the past hour, and a shard identifies at most 30 times in an hour.
 */
const HOUR_MS = 3_600_000;
const LONGEST_PAUSE_MS = 180_000;

export interface IdentifyPaceOptions {
  /** Resolves with the number of shards that may identify at the same time, as Discord last said. */
  readonly concurrency: () => Promise<number>;
  /**
   * Resolves when it is this process's turn at a place in Discord's queue, which other processes of the bot use too;
   * that turn then lasts as long as Discord wants. Rejects when `signal` is aborted.
   */
  readonly turn: (place: number, signal: AbortSignal) => Promise<void>;
  /** Called when a shard may identify. `times` counts how often it did so within the past hour, this time included. */
  readonly onIdentify: (shardId: number, times: number) => void;
}

/**
 * Has shards identify one after another; a shard that did it often of late waits longer. All waits go by the monotonic
 * clock.
 */
export class IdentifyPace {
  readonly #options: IdentifyPaceOptions;
  /** By place in Discord's queue: the turn of the shard that came last, and the time when the next one may begin. */
  readonly #queues = new Map<number, { last: Promise<unknown>; freeAt: number }>();
  /** By shard number: the times of its Identify messages within the past hour, by `performance.now()`. */
  readonly #times = new Map<number, number[]>();

  constructor(options: IdentifyPaceOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the shard may identify. Rejects when `signal` is aborted; that wait then does not count as an
   * Identify.
   */
  async waitForIdentify(shardId: number, signal: AbortSignal): Promise<void> {
    const past = () => (this.#times.get(shardId) ?? []).filter(at => at > performance.now() - HOUR_MS);
    const until = (at: number) => sleep(Math.max(0, at - performance.now()), undefined, { signal });
    // During this pause the shard is not yet in the queue, so that other shards need not wait for it.
    await until((past().at(-1) ?? 0) + pauseAfter(past().length));
    const place = shardId % (await this.#options.concurrency());
    const queue = this.#queues.get(place) ?? { last: Promise.resolve(), freeAt: 0 };
    this.#queues.set(place, queue);
    const before = queue.last;
    const turn = Promise.withResolvers<void>();
    queue.last = turn.promise;
    try {
      await before;
      await until(queue.freeAt);
      await this.#options.turn(place, signal);
      queue.freeAt = performance.now() + BETWEEN_MS + SPARE_MS;
      this.#times.set(shardId, [...past(), performance.now()]);
      this.#options.onIdentify(shardId, past().length);
    } finally {
      turn.resolve();
    }
  }
}

/** Returns how long a shard waits, in milliseconds, when it has identified `times` times within the past hour. */
export function pauseAfter(times: number): number {
  return times === 0 ? 0 : Math.min(BETWEEN_MS * 2 ** (times - 1), LONGEST_PAUSE_MS);
}
