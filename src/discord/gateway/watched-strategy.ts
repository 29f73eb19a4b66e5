import { SimpleShardingStrategy } from 'discord.js';
import { startQuietly } from './quiet-start.ts';
import { SHARD_STATUS, type Shard, shardMapOf, shardsOf } from './shard.ts';
import { ShardWatch, type ShardWatchOptions } from './shard-watch.ts';

// Has the library run all shards (connections to Discord) of this process, each under the watch of `shard-watch.ts`.
// Here is the state of all of them together, for health and metrics, and one shard is added or taken out.

/** The `WebSocketManager` of @discordjs/ws. (discord.js has another class of the same name.) */
export type ShardManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

/** The states in which a shard can be. */
export type ShardState = keyof typeof SHARD_STATUS;

export interface WatchedStrategyOptions extends Omit<ShardWatchOptions, 'onReconnect'> {
  /** Resolves when this process may log in with these shards of `count`; no other process then has one of them. */
  readonly claim: (shards: readonly number[], count: number) => Promise<void>;
}

/** The library's own sharding strategy, which runs all shards in this process, with a watch on each. */
export class WatchedStrategy extends SimpleShardingStrategy {
  readonly #manager: ShardManager;
  readonly #options: WatchedStrategyOptions;
  #reconnects = 0;
  readonly #watches = new Map<number, ShardWatch>();

  constructor(manager: ShardManager, options: WatchedStrategyOptions) {
    super(manager);
    this.#manager = manager;
    this.#options = options;
  }

  /** `ok` tells whether all shards work, and `detail` says what the first shard that does not work is doing. */
  get health(): { ok: boolean; detail: string } {
    const all = Array.from(this.#watches.values(), ({ health }) => health);
    return all.find(({ ok }) => !ok) ?? all[0] ?? { ok: false, detail: 'not connected to Discord yet' };
  }

  /** How many of the shards are in each state, and how often shards have connected again since the process began. */
  get figures(): { readonly shards: Readonly<Record<ShardState, number>>; readonly reconnects: number } {
    const all = shardsOf(this);
    const count = (state: ShardState) => all.filter(({ status }) => status === SHARD_STATUS[state]).length;
    const shards = {
      idle: count('idle'),
      connecting: count('connecting'),
      resuming: count('resuming'),
      ready: count('ready'),
    };
    return { shards, reconnects: this.#reconnects };
  }

  override async spawn(shardIds: number[]): Promise<void> {
    await this.#options.claim(shardIds, await this.#manager.getShardCount());
    await super.spawn(shardIds);
    const { session_start_limit: limit } = await this.#manager.fetchGatewayInformation();
    this.#options.log.info(
      { shards: shardIds.length, remaining: limit.remaining, total: limit.total },
      'log-ins that Discord allows today',
    );
    for (const shard of shardsOf(this)) this.#watch(shard);
  }

  override async destroy(options?: Parameters<SimpleShardingStrategy['destroy']>[0]): Promise<void> {
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    this.#watches.clear();
    await super.destroy(options);
  }

  /**
   * Connects one more shard, which processes nothing that Discord tells before `quietUntil` (`performance.now()`).
   * Rejects with the error of Discord's REST API when the gateway's address is not known and cannot be had.
   */
  async add(shardId: number, quietUntil: number): Promise<void> {
    await super.spawn([shardId]);
    const shard = shardsOf(this).find(({ id }) => id === shardId);
    if (!shard) return;
    startQuietly(shard, quietUntil);
    this.#watch(shard);
    void shard.internalConnect();
  }

  /** Disconnects one shard for good; its session at Discord ends with it. Resolves when it is gone. */
  async remove(shardId: number): Promise<void> {
    this.#watches.get(shardId)?.[Symbol.dispose]();
    this.#watches.delete(shardId);
    const shards = shardMapOf(this);
    await shards?.get(shardId)?.destroy({ reason: 'This process gives the shard back' });
    shards?.delete(shardId);
  }

  #watch(shard: Shard): void {
    const onReconnect = () => {
      this.#reconnects += 1;
    };
    this.#watches.set(shard.id, new ShardWatch(shard, { ...this.#options, onReconnect }));
  }

  /**
   * Moves the end of each shard's rate limit by `byMs` milliseconds, to be called when the system's clock was set by
   * as much.
   */
  shiftTimes(byMs: number): void {
    for (const shard of shardsOf(this)) shard.sendRateLimitState.resetAt += byMs;
  }
}
