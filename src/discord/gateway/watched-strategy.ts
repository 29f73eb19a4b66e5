import { SimpleShardingStrategy } from 'discord.js';
import { shardsOf } from './shard.ts';
import { ShardWatch, type ShardWatchOptions } from './shard-watch.ts';

/** Of `@discordjs/ws`, which discord.js has in its hands; its own class of that name is another. */
export type ShardManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

/** The library's own strategy, all shards in this process, each of them watched. */
export class WatchedStrategy extends SimpleShardingStrategy {
  readonly #manager: ShardManager;
  readonly #options: ShardWatchOptions;
  #watches: readonly ShardWatch[] = [];

  constructor(manager: ShardManager, options: ShardWatchOptions) {
    super(manager);
    this.#manager = manager;
    this.#options = options;
  }

  /** Whether all shards work; in words, what the worst of them is doing. */
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
      'Discord allows so many more log-ins today',
    );
    this.#watches = shardsOf(this).map(shard => new ShardWatch(shard, this.#options));
  }

  /** Gives the shards' count of what they have sent the time by which the system's clock was set. */
  shiftTimes(byMs: number): void {
    for (const shard of shardsOf(this)) shard.sendRateLimitState.resetAt += byMs;
  }
}
