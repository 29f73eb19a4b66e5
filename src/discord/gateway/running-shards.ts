import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, Events, type Guild, WebSocketShard, WebSocketShardEvents } from 'discord.js';
import type { Logger } from '../../log.ts';
import type { GatewayClient } from './client.ts';
import { GATEWAY_TIMINGS } from './timings.ts';

// Adds shards (connections to Discord, each for a part of the guilds) to a client that runs, and takes them out again:
// the bot's processes hand shards to one another, for which the library has no means. `shard-host.ts` says which.

/** The parts of discord.js's `WebSocketManager` (14.28.1), some of them private, on which this file relies. */
interface Manager {
  readonly shards: Map<number, WebSocketShard>;
  /** Zero while the client is ready: the library's `Status.Ready`. */
  readonly status: number;
  totalShards: number;
  triggerClientReady(): void;
}

const READY = 0;
/** The library makes its shards by itself, so in its types nobody else may. */
const LibraryShard = WebSocketShard as unknown as new (manager: Client['ws'], id: number) => WebSocketShard;

/** Before a shard is disconnected, this much time is left to send the messages by which the bot leaves its channels. */
const SEND_MS = 50;

export interface RunningShardsOptions {
  readonly gateway: GatewayClient;
  /** Called when this process no longer hears of these guilds, because their shard is gone. Never rejects. */
  readonly onGone: (shardId: number, guildIds: readonly string[]) => Promise<void>;
  readonly log: Logger;
}

/**
 * The shards of a client that has logged in without any. The library itself knows only the shards with which it has
 * logged in. After the first log-in of a shard the client counts as ready.
 */
export class RunningShards {
  readonly #options: RunningShardsOptions;
  /** By shard number: what is being done to it. One thing is done after another. */
  readonly #turns = new Map<number, Promise<void>>();

  /** By shard number: what ends the tries to connect it, and until when it has to be quiet (`performance.now()`). */
  readonly #added = new Map<number, { readonly leaving: AbortController; readonly quietUntil: number }>();
  /** The shards that have asked for the content of messages. */
  readonly #askedForContent = new Set<number>();

  constructor(options: RunningShardsOptions) {
    this.#options = options;
  }

  /** The ids of a shard's guilds, as far as this process knows them. */
  guildsOf(shardId: number): readonly string[] {
    const { client } = this.#options.gateway;
    return [...client.guilds.cache.filter(guild => guild.shardId === shardId).keys()];
  }

  /** Whether a shard has asked for the content of messages, although the client no longer does. */
  asksForTooMuch(shardId: number): boolean {
    return this.#askedForContent.has(shardId) && !this.#options.gateway.seesContent;
  }

  /**
   * Connects a shard. What Discord tells of it is looked at from `quietUntil` (`performance.now()`) on. Never throws.
   */
  add(shardId: number, quietUntil: number): void {
    const leaving = new AbortController();
    this.#added.set(shardId, { leaving, quietUntil });
    void this.#inTurn(shardId, async () => {
      const { client } = this.#options.gateway;
      const shards = managerOf(client);
      const shard = new LibraryShard(client.ws, shardId);
      shard.on(WebSocketShardEvents.AllReady, unavailable => {
        client.emit(Events.ShardReady, shardId, unavailable);
        if (shards.status !== READY) shards.triggerClientReady();
      });
      shards.shards.set(shardId, shard);
      if (this.#options.gateway.seesContent) this.#askedForContent.add(shardId);
      else this.#askedForContent.delete(shardId);
      shards.totalShards = shards.shards.size;
      await this.#connect(shardId, quietUntil, leaving.signal);
    });
  }

  /** Disconnects a shard, and forgets its guilds. Never rejects. */
  async remove(shardId: number): Promise<void> {
    this.#added.get(shardId)?.leaving.abort();
    this.#added.delete(shardId);
    await this.#inTurn(shardId, async () => {
      const { client, strategy } = this.#options.gateway;
      const shards = managerOf(client);
      await sleep(SEND_MS);
      await strategy?.remove(shardId);
      const readyTimeout: unknown = Reflect.get(shards.shards.get(shardId) ?? {}, 'readyTimeout');
      clearTimeout(readyTimeout as NodeJS.Timeout | undefined);
      shards.shards.delete(shardId);
      shards.totalShards = shards.shards.size;
      const guildIds = this.guildsOf(shardId);
      for (const id of guildIds) forget(client, client.guilds.cache.get(id));
      await this.#options.onGone(shardId, guildIds);
    });
  }

  /** Connects a shard once more with another session. Never throws. */
  again(shardId: number): void {
    const quietUntil = this.#added.get(shardId)?.quietUntil ?? 0;
    void this.remove(shardId);
    this.add(shardId, quietUntil);
  }

  /** Begins to connect a shard; tries again while Discord does not tell how, until `signal` is aborted. */
  async #connect(shardId: number, quietUntil: number, signal: AbortSignal): Promise<void> {
    const { gateway, log } = this.#options;
    const { pause, longestPause } = GATEWAY_TIMINGS;
    for (let pauseMs = pause; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPause)) {
      try {
        return await gateway.strategy?.add(shardId, quietUntil);
      } catch (error) {
        log.warn({ err: error, shard: shardId, pauseMs }, 'cannot connect a shard to Discord, trying again');
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  async #inTurn(shardId: number, task: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(shardId) ?? Promise.resolve();
    const turn = before.then(task).catch((error: unknown) => {
      this.#options.log.error(
        { fault: true, err: error, shard: shardId },
        'a fault in adding or taking out a shard',
      );
    });
    this.#turns.set(shardId, turn);
    await turn;
    if (this.#turns.get(shardId) === turn) this.#turns.delete(shardId);
  }
}

function managerOf(client: Client): Manager {
  const manager = client.ws as unknown as Manager;
  if (typeof manager.triggerClientReady !== 'function')
    throw new Error('discord.js has no triggerClientReady: this version was not tested with Parrotfish');
  return manager;
}

/**
 * Takes a guild out of the client's memory as the library does when a guild has sent the bot away, without saying so.
 */
function forget(client: Client, guild: Guild | undefined): void {
  if (!guild) return;
  for (const id of guild.channels.cache.keys()) client.channels.cache.delete(id);
  client.voice.adapters.get(guild.id)?.destroy();
  client.guilds.cache.delete(guild.id);
}
