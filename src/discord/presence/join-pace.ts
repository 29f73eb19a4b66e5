import { setTimeout as sleep } from 'node:timers/promises';

// Spreads over time the joins of voice channels for which nobody waits, as after a restart of the bot: each connection
// to Discord takes only so many messages a minute, and some are left for people who ask the bot to come.

/**
 * The most messages a minute that a shard uses to come back to voice channels. Discord accepts 120 messages a minute
 * from a shard, and the library sends at most 115 of them (Discord, "Gateway", Rate Limiting). The rest is left for
 * people who ask the bot to come, so that they need not wait.
 */
const MESSAGES_A_MINUTE = 60;
const MINUTE_MS = 60_000;
/**
 * The least time between two joins, because each opens a connection and joins an encryption group, which takes work.
 */
const BETWEEN_MS = 100;

/** On each shard (connection to Discord) the joins go out one after another, and not too many in a minute. */
export class JoinPace {
  readonly #signal: AbortSignal;
  /** By shard number: the turn of the join that came last, and when messages were sent, by `performance.now()`. */
  readonly #shards = new Map<number, { last: Promise<void>; sent: number[] }>();

  /** All waits end when `signal` is aborted. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Resolves when `messages` messages may be sent to a shard; rejects when the signal is aborted. */
  turn(shardId: number, messages: number): Promise<void> {
    const shard = this.#shards.get(shardId) ?? { last: Promise.resolve(), sent: [] };
    this.#shards.set(shardId, shard);
    shard.last = shard.last.then(() => this.#wait(shard.sent, messages));
    return shard.last;
  }

  async #wait(sent: number[], messages: number): Promise<void> {
    const options = { signal: this.#signal };
    if (sent.length > 0) await sleep(BETWEEN_MS, undefined, options);
    for (;;) {
      const since = performance.now() - MINUTE_MS;
      while (sent[0] !== undefined && sent[0] < since) sent.shift();
      const first = sent[0];
      if (first === undefined || sent.length + messages <= MESSAGES_A_MINUTE) break;
      await sleep(first - since + 1, undefined, options);
    }
    for (let message = 0; message < messages; message++) sent.push(performance.now());
  }
}
