/** What a shard is doing; the numbers are those of the library. */
export const SHARD_STATUS = { idle: 0, connecting: 1, resuming: 2, ready: 3 } as const;

/** How a shard goes on after it was destroyed; the numbers are those of the library. */
export const RECOVERY = { reconnect: 0, resume: 1 } as const;

/** A WebSocket of the package ws, as far as it is used here. */
interface Socket {
  /** Ends the TCP connection, without waiting for the peer. */
  terminate(): void;
  on(event: 'error', listener: () => void): unknown;
}

/** The private parts of @discordjs/ws 1.2.3 that this folder relies on, named once: its `WebSocketShard`. */
export interface Shard {
  readonly id: number;
  readonly status: number;
  readonly connection: Socket | null;
  /** How much was sent in the present minute, which ends at a time of the system's clock. */
  readonly sendRateLimitState: { sent: number; resetAt: number };
  internalConnect(): Promise<void>;
  heartbeat(requested?: boolean): Promise<void>;
  onMessage(data: unknown, isBinary: boolean): Promise<void>;
  onClose(code: number): Promise<void>;
  destroy(options?: { code?: number; reason?: string; recover?: number }): Promise<void>;
  on(event: 'hello' | 'heartbeat' | 'ready' | 'resumed' | 'closed', listener: () => void): unknown;
}

const METHODS = ['internalConnect', 'heartbeat', 'onMessage', 'onClose', 'destroy', 'on'] as const;

/** The shards that a sharding strategy has spawned. Throws if they are not those of the version that was tested. */
export function shardsOf(strategy: object): Shard[] {
  const shards: unknown = Reflect.get(strategy, 'shards');
  const all = shards instanceof Map ? ([...shards.values()] as Shard[]) : null;
  const lacking = METHODS.find(name => !all?.every(shard => typeof shard[name] === 'function'));
  if (!all || lacking)
    throw new Error(
      `@discordjs/ws has no ${lacking ?? 'shards'}: this version was not tested with Parrotfish`,
    );
  return all;
}
