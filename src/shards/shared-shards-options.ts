import type { Logger } from '../log.ts';
import type { OpenShardSession } from '../store/processes/shard-session.ts';
import type { ShardsHeldError } from './errors.ts';

// What `shared-shards.ts` needs of the rest of the process: `discord/gateway/shard-host.ts` is its `ShardHost`.

/** Connects the shards that this process holds to Discord, and disconnects them. */
export interface ShardHost {
  /**
   * Connects a shard to Discord. Nothing that Discord tells about it is looked at before `quietUntil` (a time of
   * `performance.now()`), when its former process has certainly fallen silent.
   */
  open(shard: number, quietUntil: number): void;
  /**
   * Lets the sentences of a shard's guilds end, leaves their voice channels, and disconnects the shard. `hasHeir` says
   * that another process is there, which takes the shard then. Never rejects.
   */
  close(shard: number, options: { readonly hasHeir: boolean }): Promise<void>;
  /** Falls silent in a shard's guilds at once, and disconnects the shard. Never throws. */
  drop(shard: number): void;
}

export interface SharedShardsOptions {
  readonly open: OpenShardSession;
  /** Called once when this process cannot work beside those that are there; it then has to end. */
  readonly onHeld: (error: ShardsHeldError) => void;
  /** Called when PostgreSQL answers again after it had not, before the shards are taken anew. */
  readonly onBack: () => void;
  readonly log: Logger;
}
