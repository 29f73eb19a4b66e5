import type { Logger } from '../../log.ts';
import type { ShardHost } from '../../shards/shared-shards-options.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { Store } from '../../store/store.ts';
import { insist } from '../../walls.ts';
import type { ReadNotes } from '../chat/read-marks.ts';
import type { ChannelStatuses } from '../presence/channel-statuses.ts';
import type { GatewayClient } from './client.ts';
import { RunningShards } from './running-shards.ts';

// Runs the shards (connections to Discord) that this process has taken of those which all the bot's processes share.
// Before one goes to another process, the speech in its guilds is brought to an end here. `src/shards/shared-shards.ts`
// decides who has which; `running-shards.ts` connects and disconnects.

export interface ShardHostOptions {
  readonly gateway: GatewayClient;
  readonly sessions: Pick<SessionRegistry, 'drain' | 'reopen'>;
  readonly statuses: Pick<ChannelStatuses, 'gone' | 'takeBackIn'>;
  readonly marks: Pick<ReadNotes, 'moving' | 'gone'>;
  readonly store: Pick<Store, 'guildsHandedOver'>;
  readonly log: Logger;
}

export class GatewayShardHost implements ShardHost {
  readonly #options: ShardHostOptions;
  readonly #shards: RunningShards;
  /** By shard number: the guilds that take no new session before the shard is gone. */
  readonly #closed = new Map<number, Set<string>>();

  constructor(options: ShardHostOptions) {
    this.#options = options;
    const { gateway, sessions, statuses, marks, store, log } = options;
    const onGone = async (shard: number, guildIds: readonly string[]) => {
      marks.gone(guildIds);
      statuses.gone(guildIds);
      await store.guildsHandedOver(guildIds);
      // Not `guildIds`: one of them may have sent the bot away meanwhile, and would stay closed when it is invited
      // again.
      sessions.reopen([...(this.#closed.get(shard) ?? [])]);
      this.#closed.delete(shard);
    };
    this.#shards = new RunningShards({ gateway, onGone, log });
  }

  open(shard: number, quietUntil: number): void {
    this.#shards.add(shard, quietUntil);
  }

  asksForTooMuch(shard: number): boolean {
    return this.#shards.asksForTooMuch(shard);
  }

  /** Connects a shard once more, after Discord has closed it for a reason that is gone now. Never throws. */
  again(shard: number): void {
    this.#shards.again(shard);
  }

  async close(shard: number, { hasHeir }: { readonly hasHeir: boolean }): Promise<void> {
    const { statuses, marks, log } = this.#options;
    const guildIds = this.#shards.guildsOf(shard);
    await statuses.takeBackIn(guildIds);
    if (hasHeir) marks.moving(guildIds);
    await this.#drain(shard, guildIds).catch((error: unknown) => {
      log.error({ fault: true, err: error, shard }, 'a fault in ending the speech of a shard');
    });
    await this.#shards.remove(shard);
  }

  drop(shard: number): void {
    insist(this.#options.log, 'a lost shard', () => this.#drain(shard, this.#shards.guildsOf(shard), 0));
    void this.#shards.remove(shard);
  }

  /** Rejects where a session cannot be ended; the others are ended all the same. */
  #drain(shard: number, guildIds: readonly string[], limitMs?: number): Promise<void> {
    this.#closed.set(shard, new Set([...(this.#closed.get(shard) ?? []), ...guildIds]));
    return this.#options.sessions.drain(guildIds, limitMs);
  }
}
