import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';
import type { ShardView } from '../store/processes/shard-session.ts';
import { AbandonedShards } from './abandoned-shards.ts';
import { mixedError } from './errors.ts';
import { OwnShards } from './own-shards.ts';
import { ProvenSession } from './proven-session.ts';
import { shareStep } from './share.ts';
import type { ShardHost, SharedShardsOptions } from './shared-shards-options.ts';
import { SHARD_TIMINGS } from './timings.ts';
import { takeTurn } from './turns.ts';

// Lets several processes divide the bot's shards (connections to Discord, each with a part of the servers) among
// themselves with SHARDS=shared: it takes free ones, gives others back, and takes over those of processes that ended.
// `share.ts` decides how many a process should have; `fixed-shards.ts` is for shards that the operator has assigned.

/**
 * How many shards are taken again at a time: PostgreSQL may be far away, and other processes wait only a few seconds.
 */
const AT_ONCE = 4;

/**
 * This process's part of the shards. Each shard is a lock of this process's session with PostgreSQL. While PostgreSQL
 * is away, nobody can take a shard over, and this process goes on with its own for a while (`fence` in `timings.ts`).
 * Then it gives them up, since PostgreSQL may have given the locks to others by the time it is back.
 */
export class SharedShards implements AsyncDisposable {
  readonly #options: SharedShardsOptions;
  readonly #own: OwnShards;
  readonly #abandoned = new AbandonedShards();
  readonly #ending = new AbortController();
  #count = 0;
  #session: ProvenSession | undefined;
  #view: ShardView | undefined;
  #isAwayTold = false;
  #wake = Promise.withResolvers<void>();
  #fence: NodeJS.Timeout | undefined;

  constructor(options: SharedShardsOptions) {
    this.#options = options;
    this.#own = new OwnShards({
      session: () => this.#session,
      hasHeir: () => (this.#view?.members.size ?? 1) > 1,
      log: options.log,
    });
  }

  /**
   * Joins the other processes, and resolves with how many shards the bot has: `count`, or, with `adopts`, as many as
   * the others already share. Waits while PostgreSQL is away. Calls `onHeld` and never resolves when the others have
   * other shards in mind.
   */
  async join(count: number, { adopts }: { readonly adopts: boolean }): Promise<number> {
    for (this.#count ||= count; !this.#session; ) {
      try {
        await this.#connect(adopts);
      } catch (error) {
        this.#tellAway(error);
        await this.#pause(SHARD_TIMINGS.again);
      }
      if (this.#ending.signal.aborted) return await new Promise(() => {});
    }
    return this.#count;
  }

  /** Begins to take shards, and to give them back, from now on. Call this once, after `join`. */
  run(host: ShardHost): void {
    this.#own.host = host;
    void this.#steps();
    this.#fence = setInterval(() => this.#checkFence(), SHARD_TIMINGS.check).unref();
  }

  /** Whether this process may take shards, with words for the operator about those that it has. */
  get health(): { readonly ok: boolean; readonly detail: string } {
    const shards = this.#own.running;
    if (!this.#session && shards.length === 0)
      return { ok: false, detail: 'PostgreSQL does not answer, and no shard may be held without it' };
    const away = Math.round((performance.now() - this.#own.heldAt) / 1_000);
    if (!this.#session) return { ok: true, detail: `PostgreSQL does not answer for ${away} s` };
    const processes = this.#view?.members.size ?? 1;
    const own = shards.length === 0 ? 'no shard here' : `shards ${shards.join(', ')} here`;
    return { ok: true, detail: `${own}, of ${this.#count} in ${processes} processes` };
  }

  /**
   * Resolves when it is this process's turn at a place in Discord's queue for Identify messages, which no other process
   * then has until some seconds later. Rejects when `signal` is aborted.
   */
  async turn(place: number, signal: AbortSignal): Promise<void> {
    await takeTurn(() => this.#session, place, signal);
  }

  /** Gives all shards back, each as soon as its guilds are silent. The others then take them. Never rejects. */
  async leave(): Promise<void> {
    this.#ending.abort();
    await this.#session?.leave().catch(() => {}); // a lost session has left
    await this.#own.giveAllBack();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
    clearInterval(this.#fence);
    this.#session?.end();
  }

  async #steps(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        if (!this.#session) await this.#connect(false);
        await this.#step();
      } catch (error) {
        this.#tellAway(error);
      }
      await this.#pause(this.#session ? SHARD_TIMINGS.look : SHARD_TIMINGS.again);
    }
  }

  /** Waits for `ms` milliseconds, or until another process has done something, or this one ends. */
  async #pause(ms: number): Promise<void> {
    const slept = sleep(ms, undefined, { signal: this.#ending.signal }).catch(() => {});
    await Promise.race([slept, this.#wake.promise]);
    this.#wake = Promise.withResolvers();
  }

  /**
   * Opens a session, and takes the shards again that run here, and those that are to be given back: otherwise they
   * would look lost to the next process, which would then be silent in them for long. Rejects as a ShardSession does.
   */
  async #connect(adopts: boolean): Promise<void> {
    const holder = randomUUID();
    let isLost = false;
    const onLost = () => {
      isLost = true;
      if (this.#session?.holder === holder) this.#session = undefined;
      this.#wake.resolve();
    };
    const how = { holder, onLost, onWake: () => this.#wake.resolve() };
    const session = new ProvenSession(holder, await this.#options.open(how));
    try {
      const wanted = { count: this.#count, isShared: true };
      const group = await session.join(wanted, { adopts });
      if (!group.isShared || (group.count !== this.#count && !adopts)) {
        this.#own.fall('other processes have other shards in mind');
        this.#ending.abort();
        this.#options.onHeld(mixedError(group, wanted));
        return session.end();
      }
      this.#count = group.count;
      this.#abandoned.addOwnName(holder);
      await this.#retake(session, await session.look());
    } catch (error) {
      session.end();
      throw error;
    }
    this.#abandoned.forget();
    if (isLost || this.#ending.signal.aborted) return session.end();
    this.#session = session;
    if (!this.#isAwayTold) return;
    this.#isAwayTold = false;
    this.#options.log.info('PostgreSQL answers again, and the shards are shared');
    this.#options.onBack();
  }

  /** Takes by a new session what runs here, and what is to be given back. Rejects as a ShardSession does. */
  async #retake(session: ProvenSession, { abandoned }: ShardView): Promise<void> {
    const shards = this.#own.locked.values();
    const retake = async () => {
      // The loops that run at once have one iterator, so that each shard comes up in one of them.
      for (const shard of shards) {
        // Another process may have taken it and have been lost since, and may still be speaking.
        const isTaken = !this.#abandoned.isOfAnother(abandoned.get(shard)) && (await session.take(shard));
        this.#own.retaken(shard, isTaken ? session : null);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, retake));
  }

  async #step(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    const view = await session.look();
    if (this.#session !== session) return;
    this.#view = view;
    this.#own.compare(view);
    const idle = [...view.held].filter(([shard, { own }]) => own && !this.#own.has(shard));
    const unreturned = idle.filter(([shard]) => this.#own.isUnreturned(shard));
    for (const [shard] of unreturned) await this.#own.unlock(shard);
    if (unreturned.length > 0) return; // what is fair is seen at the next look
    // After the fence was reached while a new session was being made, that session may hold shards that do not run.
    for (const [shard] of idle) this.#own.start(session, shard, 0);
    // Not the time of the question: the lock may have been lost while PostgreSQL was working on its answer.
    this.#abandoned.note(view, performance.now());
    const { give, take } = shareStep(view, this.#count);
    if (give > 0) this.#own.giveOne();
    if (take > 0) await this.#take(session, view, take);
  }

  /** Takes up to `most` of the free shards; fewer if that takes long, since others may have taken some by then. */
  async #take(session: ProvenSession, { held }: ShardView, most: number): Promise<void> {
    const free = Array.from({ length: this.#count }, (_, shard) => shard).filter(shard => !held.has(shard));
    const start = Math.floor(Math.random() * free.length); // so that two processes do not always try the same one
    let taken = 0;
    const until = performance.now() + SHARD_TIMINGS.look;
    for (const shard of [...free.slice(start), ...free.slice(0, start)]) {
      if (taken === most || this.#ending.signal.aborted) return;
      if (performance.now() > until) return this.#wake.resolve(); // looks again at once
      const lostAt = this.#abandoned.lostByAnother(shard);
      if (lostAt !== null && performance.now() - lostAt < SHARD_TIMINGS.sure) continue;
      if (this.#own.has(shard) || !(await session.take(shard))) continue;
      taken += 1;
      this.#own.start(session, shard, lostAt === null ? 0 : lostAt + SHARD_TIMINGS.quiet);
      if (this.#ending.signal.aborted) await this.#own.giveBack(shard);
    }
  }

  /**
   * Logs once, until it answers again, that PostgreSQL is away. The error's message may be private; its code is not.
   */
  #tellAway(error: unknown): void {
    if (!this.#isAwayTold)
      this.#options.log.warn(
        { code: errorCode(error) },
        'PostgreSQL, by which the shards are shared, does not answer',
      );
    this.#isAwayTold = true;
  }

  /** Gives up the shards whose locks may have become free. While shards are taken again, these may be some of them. */
  #checkFence(): void {
    const fence = performance.now() - SHARD_TIMINGS.fence;
    if (this.#own.heldAt > fence) return;
    if (this.#session && this.#session.heldAt <= fence) {
      this.#session.end();
      this.#session = undefined;
    }
    this.#own.fall('PostgreSQL does not answer', fence);
  }
}
