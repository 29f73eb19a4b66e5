import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { OpenShardSession, ShardSession } from '../store/processes/shard-session.ts';
import { heldError, mixedError, ShardsHeldError } from './errors.ts';
import { takeTurn } from './turns.ts';

// Makes sure, by locks in PostgreSQL, that no two processes of the bot have the same shard (one connection to Discord,
// which covers a part of the servers), where the operator says which ones a process has (SHARDS is auto, 16 or 0-3/16).
// `shared-shards.ts` is for processes that divide the shards by themselves.

/** How long a held shard is asked for again: PostgreSQL may not have noticed yet that its process has ended. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 100;
/** The pause between two tries to connect while PostgreSQL is away. */
const AGAIN_MS = 1_000;
/** How often something is asked over the session with PostgreSQL, so that its loss is noticed soon. */
const ASK_MS = 5_000;

export interface FixedShardsOptions {
  readonly open: OpenShardSession;
  /** Called once when another process holds one of the shards; this process then has to end. */
  readonly onHeld: (error: ShardsHeldError) => void;
  readonly log: Logger;
}

/**
 * Holds the shards that the operator has given to this process. While PostgreSQL is away the process goes on with its
 * shards, since no other process takes over shards that it was not given. When PostgreSQL is back, the shards are taken
 * again; if another process was faster, this one has to end.
 */
export class FixedShards implements AsyncDisposable {
  readonly #options: FixedShardsOptions;
  readonly #ending = new AbortController();
  #wanted: { readonly shards: readonly number[]; readonly count: number } | undefined;
  #session: ShardSession | undefined;
  /** The first try to take the shards. After it has failed, others follow by themselves. */
  #trying: Promise<void> | undefined;
  #isAwayTold = false;
  #asking: NodeJS.Timeout | undefined;

  constructor(options: FixedShardsOptions) {
    this.#options = options;
  }

  /**
   * Takes these shards of `count`, before this process logs in with them. Resolves also when PostgreSQL is away: then
   * they are taken later. When another process holds one of them it calls `onHeld` and never resolves. Never rejects.
   */
  async claim(shards: readonly number[], count: number): Promise<void> {
    this.#wanted = { shards, count };
    if (!this.#session) await (this.#trying ??= this.#try());
  }

  /**
   * Resolves when it is this process's turn at a place in Discord's queue for Identify messages, which no other process
   * then has until some seconds later. Resolves at once while PostgreSQL is away. Rejects when `signal` is aborted.
   */
  async turn(place: number, signal: AbortSignal): Promise<void> {
    await takeTurn(() => this.#session ?? 'none', place, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    clearInterval(this.#asking);
    const session = this.#session;
    this.#session = undefined;
    try {
      for (const shard of this.#wanted?.shards ?? []) await session?.giveBack(shard);
    } catch (error) {
      this.#options.log.debug(
        { code: errorCode(error) },
        'the shards were not given back: PostgreSQL is away',
      );
    }
    session?.end();
  }

  async #try(): Promise<void> {
    const { log, onHeld } = this.#options;
    try {
      await this.#take();
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      if (error instanceof ShardsHeldError) {
        onHeld(error);
        return await new Promise(() => {});
      }
      if (!this.#isAwayTold)
        log.warn(
          { code: errorCode(error) },
          'PostgreSQL, by which the shards are held, does not answer: going on without',
        );
      this.#isAwayTold = true;
      void this.#later();
    }
  }

  async #later(): Promise<void> {
    const { signal } = this.#ending;
    await sleep(AGAIN_MS, undefined, { signal, ref: false }).catch(() => {});
    if (!signal.aborted) await this.#try();
  }

  /** Takes all shards in one new session. Rejects with ShardsHeldError, or as a ShardSession does. */
  async #take(): Promise<void> {
    const { open } = this.#options;
    let isLost = false;
    const onLost = () => {
      isLost = true;
      this.#lost();
    };
    const session = await open({ holder: randomUUID(), onLost, onWake: () => {} });
    try {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        const obstacle = await this.#obstacle(session);
        if (!obstacle) break;
        if (performance.now() > deadline) throw obstacle;
        await sleep(PAUSE_MS);
      }
    } catch (error) {
      session.end();
      throw error;
    }
    if (this.#ending.signal.aborted) return session.end();
    if (isLost) return void this.#later();
    this.#session = session;
    this.#isAwayTold = false;
    this.#asking = setInterval(() => {
      session.look().catch(() => undefined); // a lost session calls `onLost`
    }, ASK_MS).unref();
  }

  /** Takes what is still to be taken, and resolves with what is in the way; null if nothing is. */
  async #obstacle(session: ShardSession): Promise<ShardsHeldError | null> {
    const { shards, count } = this.#wanted ?? { shards: [], count: 0 };
    const wanted = { count, isShared: false };
    const group = await session.join(wanted, { adopts: false });
    if (group.count !== count || group.isShared) return mixedError(group, wanted);
    const { held } = await session.look();
    const others = shards.filter(shard => held.get(shard)?.own === false);
    if (others.length > 0) return heldError(others);
    // They are taken in order, and none after one that another process has: of two that start at once, one gets all.
    for (const shard of shards)
      if (!held.get(shard)?.own && !(await session.take(shard))) return heldError([shard]);
    return null;
  }

  #lost(): void {
    if (!this.#session || this.#ending.signal.aborted) return;
    this.#session = undefined;
    clearInterval(this.#asking);
    void this.#later();
  }
}
