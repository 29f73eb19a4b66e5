import { SimpleShardingStrategy } from 'discord.js';
import { shardsOf } from './shard.ts';
import { ShardWatch, type ShardWatchOptions } from './shard-watch.ts';

/** The `WebSocketManager` of @discordjs/ws. (discord.js has another class of the same name.) */
export type ShardManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

/** The library's own sharding strategy, which runs all shards in this process, with a `ShardWatch` for each shard. */
export class WatchedStrategy extends SimpleShardingStrategy {
  readonly #manager: ShardManager;
  readonly #options: ShardWatchOptions;
  #watches: readonly ShardWatch[] = [];

  constructor(manager: ShardManager, options: ShardWatchOptions) {
    super(manager);
    this.#manager = manager;
    this.#options = options;
  }

  /** `ok` tells whether all shards work, and `detail` says what the first shard that does not work is doing. */
  get health(): { ok: boolean; detail: string } {
    const all = this.#watches.map(({ health }) => health);
    return all.find(({ ok }) => !ok) ?? all[0] ?? { ok: false, detail: 'not connected to Discord yet' };
  }

  override async spawn(shardIds: number[]): Promise<void> {
    for (const watch of this.#watches) watch[Symbol.dispose]();
    await super.spawn(shardIds);
    const { session_start_limit: limit } = await this.#manager.fetchGatewayInformation();
    this.#options.log.info(
      { shards: shardIds.length, remaining: limit.remaining, total: limit.total },
      'log-ins that Discord allows today',
    );
    this.#watches = shardsOf(this).map(shard => new ShardWatch(shard, this.#options));
  }

  /**
   * Moves the end of each shard's rate limit by `byMs` milliseconds, to be called when the system's clock was set by
   * as much.
   */
  shiftTimes(byMs: number): void {
    for (const shard of shardsOf(this)) shard.sendRateLimitState.resetAt += byMs;
  }
}
