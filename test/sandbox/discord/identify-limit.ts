/** What Discord says of a bot's shards. (Discord, "Gateway", Get Gateway Bot; Session Start Limit Object.) */
export interface Sharding {
  /** How many shards Discord recommends. */
  readonly shards: number;
  /** So many shards may identify at the same time (`max_concurrency`). */
  readonly maxConcurrency: number;
}

/** In this time each place in the queue takes one IDENTIFY. (Discord, "Gateway", Rate Limiting.) */
const WINDOW_MS = 5_000;

/**
 * Holds a bot to Discord's rule: of the shards that share a place in the queue (the shard's number modulo
 * `max_concurrency`) one may identify in five seconds.
 */
export class IdentifyLimit {
  readonly #maxConcurrency: number;
  /** By place: when the last IDENTIFY was taken (`performance.now()`). */
  readonly #last = new Map<number, number>();

  constructor(maxConcurrency: number) {
    this.#maxConcurrency = maxConcurrency;
  }

  /** Whether this IDENTIFY is taken. One that comes too early is not, and does not count. */
  takes(shard: number, at: number): boolean {
    const place = shard % this.#maxConcurrency;
    const last = this.#last.get(place);
    if (last !== undefined && at - last < WINDOW_MS) return false;
    this.#last.set(place, at);
    return true;
  }
}
