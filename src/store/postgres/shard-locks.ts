import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShardGroup, ShardSession, ShardSessionOptions, ShardView } from '../processes/shard-session.ts';
import { HELD_HERE } from './advisory-locks.ts';
import { PostgresConnection } from './connection.ts';

// Has PostgreSQL make sure that only one process of the bot holds a shard (a connection to Discord with a part of the
// servers): a held shard is an advisory lock, which ends when its process ends. Which shards are taken is decided in
// `src/shards`.

/**
 * How the session ends when this process has vanished: PostgreSQL then notices it within a dozen seconds, and releases
 * the locks. The first three are in seconds, the last one in milliseconds.
 */
const NOTICE_SOON = {
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 10_000,
};
/**
 * Whoever waits at the door waits for several answers to the one inside, which takes long where PostgreSQL is far away.
 */
const DOOR_MS = 2_500;
/** How long we wait for a former session of this process to end, in pauses. */
const END_MS = 1_000;
const END_PAUSE_MS = 20;
/** Advisory locks have a class and a number. The class is made of the bot and of one of these purposes. */
const PURPOSES = ['door', 'group', 'member', 'shard', 'turn'] as const;
type Purpose = (typeof PURPOSES)[number];
/** Classes are positive 32-bit integers. */
const CLASS_BITS = 0x7fffffff;

interface LockRow {
  readonly class: number;
  readonly number: number;
  readonly pid: number;
  readonly own: boolean;
}

/** A session of PostgreSQL whose advisory locks are the shards that this process holds. See `ShardSession`. */
export class PostgresShardSession implements ShardSession {
  readonly #connection: PostgresConnection;
  readonly #bot: string;
  readonly #holder: string;
  readonly #channel: string;
  readonly #classes: Readonly<Record<Purpose, number>>;

  private constructor(connection: PostgresConnection, { bot, holder }: ShardSessionOptions) {
    this.#connection = connection;
    this.#bot = bot;
    this.#holder = holder;
    this.#channel = channelOf(bot);
    this.#classes = Object.fromEntries(PURPOSES.map(purpose => [purpose, classOf(bot, purpose)])) as Record<
      Purpose,
      number
    >;
  }

  /** Connects. Rejects with the error of PostgreSQL or of the socket, or with StoreError. */
  static async open(options: ShardSessionOptions): Promise<PostgresShardSession> {
    const { url, process, onLost, onWake } = options;
    const connection = new PostgresConnection(url, {
      name: nameOf(process),
      onLost,
      onNotify: onWake,
      session: { ...NOTICE_SOON, lock_timeout: DOOR_MS },
    });
    const session = new PostgresShardSession(connection, options);
    try {
      await session.#ask(`listen ${session.#channel}`);
      await session.#endFormer(process);
      return session;
    } catch (error) {
      connection.end();
      throw error;
    }
  }

  async join(wanted: ShardGroup, { adopts }: { readonly adopts: boolean }): Promise<ShardGroup> {
    const { door, group, member } = this.#classes;
    // Behind the door there is only one process at a time, so that two with different counts do not both come in.
    await this.#ask('select pg_advisory_lock($1::int, 0)', [door]);
    try {
      if (!(await this.#keepsOutOld())) return { count: 0, isShared: false };
      const others = (await this.#locks()).filter(lock => lock.class === group && !lock.own);
      const present = others[0] ? groupOf(others[0].number) : wanted;
      const isWelcome =
        numberOf(present) === numberOf(wanted) || (adopts && present.isShared === wanted.isShared);
      if (!isWelcome) return present;
      await this.#ask('select pg_advisory_lock_shared($1::int, $2::int)', [group, numberOf(present)]);
      if (present.isShared) await this.#ask('select pg_advisory_lock_shared($1::int, 0)', [member]);
      await this.#wakeOthers();
      return present;
    } finally {
      await this.#ask('select pg_advisory_unlock($1::int, 0)', [door]);
    }
  }

  async look(): Promise<ShardView> {
    const { member, shard } = this.#classes;
    const locks = await this.#locks();
    const holds = await this.#ask<{ shard: number; holder: string }>(
      'select shard, holder from shard_hold where bot = $1',
      [this.#bot],
    );
    const members = new Map(locks.filter(lock => lock.class === member).map(({ pid }) => [pid, 0]));
    const held = new Map<number, { readonly own: boolean; readonly byMember: boolean }>();
    for (const { class: kind, number, pid, own } of locks) {
      if (kind !== shard) continue;
      const shards = members.get(pid);
      held.set(number, { own, byMember: shards !== undefined });
      if (shards !== undefined) members.set(pid, shards + 1);
    }
    const me = locks.find(lock => lock.class === member && lock.own)?.pid ?? null;
    const abandoned = new Map(
      holds.filter(hold => !held.has(hold.shard)).map(({ shard: id, holder }) => [id, holder]),
    );
    return { me, members, held, abandoned };
  }

  async take(shard: number): Promise<boolean> {
    const [row] = await this.#ask<{ held: boolean }>(
      'select pg_try_advisory_lock($1::int, $2::int) as held',
      [this.#classes.shard, shard],
    );
    if (!row?.held) return false;
    try {
      await this.#ask(
        `insert into shard_hold (bot, shard, holder) values ($1, $2::int, $3)
         on conflict (bot, shard) do update set holder = excluded.holder`,
        [this.#bot, shard, this.#holder],
      );
      return true;
    } catch (error) {
      await this.#ask('select pg_advisory_unlock($1::int, $2::int)', [this.#classes.shard, shard]);
      throw error;
    }
  }

  async giveBack(shard: number): Promise<void> {
    await this.#ask('delete from shard_hold where bot = $1 and shard = $2::int and holder = $3', [
      this.#bot,
      shard,
      this.#holder,
    ]);
    await this.#ask('select pg_advisory_unlock($1::int, $2::int)', [this.#classes.shard, shard]);
    await this.#wakeOthers();
  }

  async leave(): Promise<void> {
    await this.#ask('select pg_advisory_unlock_shared($1::int, 0)', [this.#classes.member]);
    await this.#wakeOthers();
  }

  async takeTurn(place: number): Promise<boolean> {
    const [row] = await this.#ask<{ held: boolean }>(
      'select pg_try_advisory_lock($1::int, $2::int) as held',
      [this.#classes.turn, place],
    );
    return row?.held ?? false;
  }

  async endTurn(place: number): Promise<void> {
    await this.#ask('select pg_advisory_unlock($1::int, $2::int)', [this.#classes.turn, place]);
  }

  async #wakeOthers(): Promise<void> {
    await this.#ask(`notify ${this.#channel}`);
  }

  end(): void {
    this.#connection.end();
  }

  /**
   * Ends the sessions that this process has lost, of which PostgreSQL may not know yet: what they hold would look like
   * another process's.
   */
  async #endFormer(process: string): Promise<void> {
    const deadline = performance.now() + END_MS;
    for (;;) {
      const ended = await this.#ask(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = $1 and usename = current_user and pid <> pg_backend_pid()`,
        [nameOf(process)],
      ).catch(() => []); // where that is not allowed, PostgreSQL notices it by itself
      if (ended.length === 0 || performance.now() > deadline) return;
      await sleep(END_PAUSE_MS);
    }
  }

  /**
   * Takes part in the lock that version 1.0.0 takes for itself alone, which knows nothing of shards. Resolves with
   * whether it could: a process of that version is there otherwise.
   */
  async #keepsOutOld(): Promise<boolean> {
    const [row] = await this.#ask<{ held: boolean }>(
      "select pg_try_advisory_lock_shared(hashtextextended('parrotfish ' || $1::text, 0)) as held",
      [this.#bot],
    );
    return row?.held ?? false;
  }

  #locks(): Promise<readonly LockRow[]> {
    const { group, member, shard } = this.#classes;
    return this.#ask<LockRow>(
      `select classid::int8 as class, objid::int8 as number, pid, pid = pg_backend_pid() as own
       from pg_locks
       where ${HELD_HERE} and objsubid = 2 and classid::int8 in ($1::int8, $2::int8, $3::int8)`,
      [group, member, shard],
    );
  }

  #ask<Row>(query: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#connection.query<readonly Row[]>(query, parameters);
  }
}

/** The name under which PostgreSQL lists the session of a process. */
function nameOf(process: string): string {
  return `parrotfish shards ${process}`;
}

function classOf(bot: string, purpose: Purpose): number {
  return Number.parseInt(hash('sha256', `parrotfish ${purpose} ${bot}`).slice(0, 8), 16) & CLASS_BITS;
}

/** The name of the channel by which processes of one bot wake each other, in the form of an SQL identifier. */
function channelOf(bot: string): string {
  return `parrotfish_shards_${hash('sha256', bot).slice(0, 16)}`;
}

function numberOf({ count, isShared }: ShardGroup): number {
  return 2 * count + (isShared ? 1 : 0);
}

function groupOf(number: number): ShardGroup {
  return { count: number >> 1, isShared: number % 2 === 1 };
}
