import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Discord takes 120 messages a minute from a shard and the library sends 115 of them, whatever they are for
 * (Discord, "Gateway": Rate Limiting). Coming back uses at most this many, so that people who ask the bot to come
 * never wait for those who do not ask.
 */
const MESSAGES_A_MINUTE = 60;
const MINUTE_MS = 60_000;
/** Each coming back costs a voice connection and an encryption group: not all at the same moment. */
const BETWEEN_MS = 100;

/** Lets the joins that nobody waits for go out one after another, for each shard by itself. */
export class JoinPace {
  readonly #signal: AbortSignal;
  readonly #shards = new Map<number, { last: Promise<void>; sent: number[] }>();

  /** `signal` ends all waits. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Resolves when `messages` may be sent; rejects when it is over. */
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
