import type { Logger } from '../log.ts';
import type { ShardView } from '../store/processes/shard-session.ts';
import type { ProvenSession } from './proven-session.ts';
import type { ShardHost } from './shared-shards-options.ts';

// Keeps the shards that run in this process: starts them, gives them back, and gives them up. `shared-shards.ts`
// decides which ones, and talks with PostgreSQL about their locks.

export interface OwnShardsOptions {
  /** The present session with PostgreSQL; undefined while there is none. */
  readonly session: () => ProvenSession | undefined;
  /** Whether another process is there, which takes what is given back. */
  readonly hasHeir: () => boolean;
  readonly log: Logger;
}

/** A shard that runs here. */
interface RunningShard {
  /** Settles when the shard has been given back; null while it is not being given back. */
  closing: Promise<void> | null;
  /** The session that has its lock; or had it, until it was lost. */
  session: ProvenSession;
}

/** The shards that run in this process, or have run here and still have their locks. */
export class OwnShards {
  readonly #options: OwnShardsOptions;
  readonly #shards = new Map<number, RunningShard>();
  /** The shards that are silent here, and whose locks are still to be given back. */
  readonly #unreturned = new Set<number>();
  /** Connects the shards to Discord; undefined until this process begins to take shards. */
  host: ShardHost | undefined;

  constructor(options: OwnShardsOptions) {
    this.#options = options;
  }

  /** The shards that run here, in the order of their numbers. */
  get running(): readonly number[] {
    return [...this.#shards.keys()].toSorted((one, other) => one - other);
  }

  /** The shards whose locks a new session has to take: those that run here, and those that are to be given back. */
  get locked(): ReadonlySet<number> {
    return new Set([...this.#shards.keys(), ...this.#unreturned]);
  }

  has(shard: number): boolean {
    return this.#shards.has(shard);
  }

  /** Whether a shard is silent here, and its lock is still to be given back. */
  isUnreturned(shard: number): boolean {
    return this.#unreturned.has(shard);
  }

  /**
   * When all of these shards were last known to be held, as `ProvenSession.heldAt` says; infinite if there are none.
   */
  get heldAt(): number {
    return Math.min(...[...this.#shards.values()].map(({ session }) => session.heldAt));
  }

  /** Runs a shard whose lock `session` has taken; nothing that Discord tells of it is looked at before `quietUntil`. */
  start(session: ProvenSession, shard: number, quietUntil: number): void {
    this.#shards.set(shard, { closing: null, session });
    this.#unreturned.delete(shard);
    this.#options.log.info({ shard, abandoned: quietUntil > 0 }, 'took a shard');
    this.host?.open(shard, quietUntil);
  }

  /**
   * Notes that the new `session` has the lock of one of the `locked` shards, or with null that it could not take it.
   */
  retaken(shard: number, session: ProvenSession | null): void {
    const running = this.#shards.get(shard);
    if (!session) this.#unreturned.delete(shard);
    if (session && running) running.session = session;
    else if (running?.closing === null) this.#lose(shard);
  }

  /** Begins to give one shard back, unless one is being given back already. */
  giveOne(): void {
    if ([...this.#shards.values()].some(({ closing }) => closing !== null)) return;
    const shard = [...this.#shards.keys()].at(-1); // the newest may not have logged in yet
    if (shard !== undefined) void this.giveBack(shard);
  }

  /** Gives all shards back, each as soon as its guilds are silent. Never rejects. */
  async giveAllBack(): Promise<void> {
    await Promise.all([...this.#shards.keys()].map(shard => this.giveBack(shard)));
  }

  /** Gives a shard back as soon as its guilds are silent. Never rejects. */
  async giveBack(shard: number): Promise<void> {
    const state = this.#shards.get(shard);
    if (state) await (state.closing ??= this.#close(shard));
  }

  async #close(shard: number): Promise<void> {
    const state = this.#shards.get(shard);
    this.#options.log.info({ shard }, 'gives a shard back');
    await this.host?.close(shard, { hasHeir: this.#options.hasHeir() });
    if (this.#shards.get(shard) !== state) return; // it was dropped meanwhile
    this.#unreturned.add(shard);
    await this.unlock(shard);
    this.#shards.delete(shard);
  }

  /** Gives back the lock of a silent shard; where the session is lost, the next one does it. Never rejects. */
  async unlock(shard: number): Promise<void> {
    await this.#options
      .session()
      ?.giveBack(shard)
      .then(
        () => this.#unreturned.delete(shard),
        () => {},
      );
  }

  /** Gives up at once the shards that other processes have, by what PostgreSQL has told. */
  compare({ held }: ShardView): void {
    for (const [shard, { closing }] of this.#shards) if (!closing && !held.get(shard)?.own) this.#lose(shard);
  }

  /** Another process has this shard: nothing more may be heard of it here. */
  #lose(shard: number): void {
    this.#shards.delete(shard);
    this.#options.log.warn({ shard }, 'another process has taken a shard while PostgreSQL was away');
    this.host?.drop(shard);
  }

  /** Gives up at once the shards that were last known to be held at `heldAt` or before; all of them by default. */
  fall(why: string, heldAt = Number.POSITIVE_INFINITY): void {
    const falling = [...this.#shards].filter(([, { session }]) => session.heldAt <= heldAt);
    const shards = falling.map(([shard]) => shard);
    for (const shard of shards) this.#shards.delete(shard);
    if (shards.length > 0)
      this.#options.log.error({ shards, why }, 'gives up its shards until PostgreSQL answers');
    for (const shard of shards) this.host?.drop(shard);
  }
}
