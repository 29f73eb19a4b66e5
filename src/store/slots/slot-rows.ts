import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { HELD_HERE, processLock, turnOf } from '../postgres/advisory-locks.ts';
import { POSTGRES_NOW } from '../postgres/clock.ts';
import type { SlotParty, WaitingLine } from './slot-plan.ts';

// Reads and writes who has how many slots of an account at Fish Audio. A process has a row as long as the connection by
// which it hears the others holds a lock (see `PostgresListener`), which PostgreSQL takes away however the process
// ends.

/**
 * How long the row of a process that has lost this connection stays, in ms, as it may connect again. Within this time
 * it has noticed the loss itself, and keeps to what it may use in any case (see `fish/shared-slots.ts`).
 */
const GRACE_MS = 10_000;

/** A process as its row tells. */
export interface PartyRow extends SlotParty {
  /** By which connection it heard the others when it wrote the row; null if an older version did. */
  readonly connection: string | null;
  /** How many slots it may use while it cannot reach the others; null if an older version wrote the row. */
  readonly safe: number | null;
  /**
   * Since when that connection is missing, in epoch milliseconds of PostgreSQL's clock; null while it is there. If it
   * is missing, the process has ended, or has not told anything since it lost the others.
   */
  readonly missedAt: number | null;
}

/** What the database knows of an account. */
export interface AccountState {
  /** PostgreSQL's time in epoch milliseconds. */
  readonly now: number;
  /** What Fish Audio has told of the limit, as its first reader has written it; null if nobody has. */
  readonly limitKnown: string | null;
  /**
   * Who wants slots that are not there, as JSON of `lacking` and `isOver` of a `SlotPlan`; null if nothing is known.
   */
  readonly wanted: string | null;
  /** The processes that have or want slots. */
  readonly parties: readonly PartyRow[];
}

/** Has all processes that divide the slots of an account do so one after another, until the transaction ends. */
export async function takeAccountTurn(db: Kysely<Tables>, account: string): Promise<void> {
  await sql`select ${turnOf(`account ${account}`)}`.execute(db);
}

/**
 * Reads the state of an account, and who of its processes has ended: their rows are deleted. `db` is a transaction.
 */
export async function readAccount(db: Kysely<Tables>, account: string): Promise<AccountState> {
  const { rows: times } = await sql<{ now: number; limitKnown: string | null; wanted: string | null }>`
    select ${POSTGRES_NOW} as now,
      (select limit_known from fish_account where account = ${account}) as "limitKnown",
      (select wanted from fish_account where account = ${account}) as wanted
  `.execute(db);
  const [of] = times;
  if (!of) throw new Error('the state of the account has no row');
  const { now, limitKnown, wanted } = of;
  const { rows } = await sql<Tables['fish_party'] & { there: boolean }>`
    select *, exists (
      select 1 from pg_locks
      where ${sql.raw(HELD_HERE)} and objsubid = 1
        and (classid::bigint << 32) | objid::bigint = ${sql.raw(processLock('coalesce(connection, process)'))}
    ) as there
    from fish_party where account = ${account}
  `.execute(db);
  const parties: PartyRow[] = [];
  for (const { process, connection, safe, held, used, waiting, missed_at: missed, there } of rows) {
    const missedAt = there ? null : (missed ?? now);
    if (missedAt !== null && now - missedAt > GRACE_MS) await deleteParty(db, account, process);
    else
      parties.push({
        process,
        connection,
        safe,
        held,
        used,
        waiting: JSON.parse(waiting) as WaitingLine[],
        missedAt,
      });
  }
  return { now, limitKnown, wanted, parties };
}

/** Writes what is known of an account's limit, and who wants slots. */
export async function writeAccount(
  db: Kysely<Tables>,
  account: string,
  { limitKnown, wanted }: { readonly limitKnown: string; readonly wanted: string },
): Promise<void> {
  const row = { limit_known: limitKnown, wanted };
  await db
    .insertInto('fish_account')
    .values({ account, ...row })
    .onConflict(conflict => conflict.column('account').doUpdateSet(row))
    .execute();
}

/** Writes the rows of these processes. */
export async function writeParties(
  db: Kysely<Tables>,
  account: string,
  parties: readonly PartyRow[],
): Promise<void> {
  if (parties.length === 0) return;
  await db
    .insertInto('fish_party')
    .values(
      parties.map(({ waiting, missedAt, ...columns }) => ({
        account,
        ...columns,
        waiting: JSON.stringify(waiting),
        missed_at: missedAt,
      })),
    )
    .onConflict(conflict =>
      conflict.columns(['account', 'process']).doUpdateSet(({ ref }) => ({
        connection: ref('excluded.connection'),
        safe: ref('excluded.safe'),
        held: ref('excluded.held'),
        used: ref('excluded.used'),
        waiting: ref('excluded.waiting'),
        missed_at: ref('excluded.missed_at'),
      })),
    )
    .execute();
}

/** Deletes the row of a process, which then has no slots. */
export async function deleteParty(db: Kysely<Tables>, account: string, process: string): Promise<void> {
  await db.deleteFrom('fish_party').where('account', '=', account).where('process', '=', process).execute();
}
