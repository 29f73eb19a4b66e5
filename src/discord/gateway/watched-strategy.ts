import { SimpleShardingStrategy } from 'discord.js';
import { SHARD_STATUS, shardsOf } from './shard.ts';
import { ShardWatch, type ShardWatchOptions } from './shard-watch.ts';

/** The `WebSocketManager` of @discordjs/ws. (discord.js has another class of the same name.) */
export type ShardManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

/** The states in which a shard can be. */
export type ShardState = keyof typeof SHARD_STATUS;

export interface WatchedStrategyOptions extends Omit<ShardWatchOptions, 'onReconnect'> {
  /** Resolves when this process may log in with these shards of `count`; no other process then has one of them. */
  readonly claim: (shards: readonly number[], count: number) => Promise<void>;
}

/** The library's own sharding strategy, which runs all shards in this process, with a `ShardWatch` for each shard. */
export class WatchedStrategy extends SimpleShardingStrategy {
  readonly #manager: ShardManager;
  readonly #options: WatchedStrategyOptions;
  #reconnects = 0;
  #watches: readonly ShardWatch[] = [];

  constructor(manager: ShardManager, options: WatchedStrategyOptions) {
    super(manager);
    this.#manager = manager;
    this.#options = options;
  }

  /** `ok` tells whether all shards work, and `detail` says what the first shard that does not work is doing. */
  get health(): { ok: boolean; detail: string } {
    const all = this.#watches.map(({ health }) => health);
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
    for (const watch of this.#watches) watch[Symbol.dispose]();
    await this.#options.claim(shardIds, await this.#manager.getShardCount());
    await super.spawn(shardIds);
    const { session_start_limit: limit } = await this.#manager.fetchGatewayInformation();
    this.#options.log.info(
      { shards: shardIds.length, remaining: limit.remaining, total: limit.total },
      'log-ins that Discord allows today',
    );
    const onReconnect = () => {
      this.#reconnects += 1;
    };
    this.#watches = shardsOf(this).map(shard => new ShardWatch(shard, { ...this.#options, onReconnect }));
  }

  /**
   * Moves the end of each shard's rate limit by `byMs` milliseconds, to be called when the system's clock was set by
   * as much.
   */
  shiftTimes(byMs: number): void {
    for (const shard of shardsOf(this)) shard.sendRateLimitState.resetAt += byMs;
  }
}
