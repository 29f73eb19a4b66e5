// What `src/shards` needs of the database so that only one process of the bot holds a shard, which is one connection to
// Discord with a part of the servers. Only PostgreSQL can do it: `postgres/shard-locks.ts`.

/**
 * What all processes of one bot have in common: how many shards the bot has, and whether they share them by agreement.
 */
export interface ShardGroup {
  /** Zero stands for a process of version 1.0.0, which has all shards for itself and does not tell how many. */
  readonly count: number;
  readonly isShared: boolean;
}

/** Who holds which shards of a bot, as PostgreSQL knows it. */
export interface ShardView {
  /** The number of this process among the `members`; null when it is none. */
  readonly me: number | null;
  /** The processes that share the shards: for each one's number, how many shards it holds. */
  readonly members: ReadonlyMap<number, number>;
  /** The shards that are held, by this process (`own`), by a member, or by a process that is about to leave. */
  readonly held: ReadonlyMap<number, { readonly own: boolean; readonly byMember: boolean }>;
  /**
   * The shards that nobody holds although nobody gave them back, with the name of the last holder: its process has
   * ended, or PostgreSQL and it have lost each other.
   */
  readonly abandoned: ReadonlyMap<number, string>;
}

/**
 * One session of the database by which this process holds shards. While the session lasts nobody else can hold these
 * shards. When it ends, however that happens, they are free. All methods reject with StoreError, or with an error of
 * the database or of the socket, when the session is lost.
 */
export interface ShardSession {
  /**
   * Joins the other processes of the bot, and resolves with the group of all. When it is not the one that was asked
   * for, this process has not joined. With `adopts`, it joins another count of shards if the others share by agreement
   * too.
   */
  join(group: ShardGroup, how: { readonly adopts: boolean }): Promise<ShardGroup>;
  look(): Promise<ShardView>;
  /** Takes a shard, and resolves with whether it could: another process may hold it. */
  take(shard: number): Promise<boolean>;
  /** Gives a shard back, and wakes the others. */
  giveBack(shard: number): Promise<void>;
  /** No longer counts among the members, and wakes the others. Shards that are held stay held. */
  leave(): Promise<void>;
  /** Takes the turn of one place in Discord's queue for Identify messages, and resolves with whether it could. */
  takeTurn(place: number): Promise<boolean>;
  endTurn(place: number): Promise<void>;
  /** Ends the session at once: all that it holds is free. */
  end(): void;
}

export interface ShardSessionOptions {
  /** A `postgres://…` URL. */
  readonly url: string;
  /** The name of the bot, the same in all its processes. */
  readonly bot: string;
  /** The name of this process. Its former sessions, which it has lost, are ended when a new one is opened. */
  readonly process: string;
  /** The name of the session, which no other one has: its shards are noted under it. */
  readonly holder: string;
  /** Called once if the session is lost before `end`. */
  readonly onLost: () => void;
  /** Called when another process has done something that may concern this one. */
  readonly onWake: () => void;
}

/** Opens a session, and rejects when that cannot be done now. */
export type OpenShardSession = (
  how: Pick<ShardSessionOptions, 'holder' | 'onLost' | 'onWake'>,
) => Promise<ShardSession>;
