// Says what the files of this folder use of a shard (one connection to Discord) in the library @discordjs/ws, part of
// it private. When that library is updated, this is the place to compare with it.

/** The states of a shard, with the numbers that the library uses for them. */
export const SHARD_STATUS = { idle: 0, connecting: 1, resuming: 2, ready: 3 } as const;

/** How a shard goes on after it was destroyed, with the numbers that the library uses. */
export const RECOVERY = { reconnect: 0, resume: 1 } as const;

/** The part of a WebSocket of the package ws that is used here. */
interface Socket {
  /** Ends the TCP connection at once, without waiting for the peer. */
  terminate(): void;
  on(event: 'error', listener: () => void): unknown;
}

/** The parts of `WebSocketShard` in @discordjs/ws 1.2.3, some of them private, on which this folder relies. */
export interface Shard {
  readonly id: number;
  readonly status: number;
  readonly connection: Socket | null;
  /** How many messages were sent in the present minute, and when it ends (`resetAt`, in milliseconds since 1970). */
  readonly sendRateLimitState: { sent: number; resetAt: number };
  internalConnect(): Promise<void>;
  heartbeat(requested?: boolean): Promise<void>;
  onMessage(data: unknown, isBinary: boolean): Promise<void>;
  onClose(code: number): Promise<void>;
  destroy(options?: { code?: number; reason?: string; recover?: number }): Promise<void>;
  on(event: 'hello' | 'heartbeat' | 'ready' | 'resumed' | 'closed', listener: () => void): unknown;
}

const METHODS = ['internalConnect', 'heartbeat', 'onMessage', 'onClose', 'destroy', 'on'] as const;

/**
 * Returns the shards that a sharding strategy of the library has spawned. Throws an Error when they lack a method
 * that this folder relies on, as another version of the library might.
 */
export function shardsOf(strategy: object): Shard[] {
  const shards = shardMapOf(strategy);
  const all = shards ? [...shards.values()] : null;
  const lacking = METHODS.find(name => !all?.every(shard => typeof shard[name] === 'function'));
  if (!all || lacking)
    throw new Error(
      `@discordjs/ws has no ${lacking ?? 'shards'}: this version was not tested with Parrotfish`,
    );
  return all;
}

/** The map in which a sharding strategy of the library keeps its shards, by their numbers; null if it has none. */
export function shardMapOf(strategy: object): Map<number, Shard> | null {
  const shards: unknown = Reflect.get(strategy, 'shards');
  return shards instanceof Map ? (shards as Map<number, Shard>) : null;
}
