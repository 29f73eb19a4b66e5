import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { turnOf } from '../postgres/advisory-locks.ts';
import { POSTGRES_NOW } from '../postgres/clock.ts';
import type { StoredRow } from './ledger-rows.ts';

// The table `portion` says how much of the day's money each process may spend, so that all together cannot pass the
// cap. What a process has been granted and has not spent counts as spent, until the row's time is up. Then the process
// has ended, or knows by its own clock that its portion no longer holds.

/** How long the other processes count a portion after its process was last heard of, in ms. */
const COUNTED_MS = 90_000;

/** What the database knows of the money of a day, in 10⁻⁹ US dollars. */
export interface DayState {
  /** What the ledger has, of all processes. */
  readonly spent: number;
  /** What other processes were granted and have not spent yet. */
  readonly othersOpen: number;
  /** How many other processes have a portion. */
  readonly others: number;
  /** What this process was granted in all; null when it has no portion that still counts. */
  readonly granted: number | null;
  /** What the ledger has of this process. */
  readonly ownSpent: number;
}

/** Has all processes that change their portions do so one after another, until the transaction ends. */
export async function takePortionTurn(db: Kysely<Tables>): Promise<void> {
  await sql`select ${turnOf('portions')}`.execute(db);
}

/** Reads the state of a day, in one statement, so that all of it is of one moment. */
export async function readDayState(db: Kysely<Tables>, day: string, process: string): Promise<DayState> {
  const { rows } = await sql<DayState>`
    with counted as (select * from portion where day = ${day} and until >= ${POSTGRES_NOW})
    select
      (select coalesce(sum(nano_usd), 0) from ledger where day = ${day}) as spent,
      (select coalesce(sum(greatest(granted - spent, 0)), 0) from counted where process <> ${process}) as "othersOpen",
      (select count(*) from counted where process <> ${process}) as others,
      (select granted from counted where process = ${process}) as granted,
      coalesce((select spent from portion where day = ${day} and process = ${process}), 0) as "ownSpent"
  `.execute(db);
  const [row] = rows;
  if (!row) throw new Error('the state of the day has no row');
  return row;
}

/** Sets what this process has been granted on the day in all; it counts from now on. */
export async function writePortion(
  db: Kysely<Tables>,
  { day, process, granted }: { readonly day: string; readonly process: string; readonly granted: number },
): Promise<void> {
  await sql`
    insert into portion (day, process, granted, spent, until)
    values (${day}, ${process}, ${granted}, 0, ${POSTGRES_NOW} + ${COUNTED_MS}::bigint)
    on conflict (day, process) do update set granted = excluded.granted, until = excluded.until
  `.execute(db);
}

/** Has the portions of this process count no longer. */
export async function voidPortions(db: Kysely<Tables>, process: string): Promise<void> {
  await db.updateTable('portion').set({ until: 0 }).where('process', '=', process).execute();
}

/** Notes what a process has spent. `db` is the transaction that writes these rows into the ledger. */
export async function noteSpent(
  db: Kysely<Tables>,
  process: string,
  rows: readonly StoredRow[],
): Promise<void> {
  for (const [day, spent] of spentByDay(rows))
    await sql`
      insert into portion (day, process, granted, spent, until) values (${day}, ${process}, 0, ${spent}, 0)
      on conflict (day, process) do update set spent = portion.spent + excluded.spent
    `.execute(db);
}

/** Deletes the portions of before `day`. */
export async function prunePortions(db: Kysely<Tables>, day: string): Promise<void> {
  await db.deleteFrom('portion').where('day', '<', day).execute();
}

function spentByDay(rows: readonly StoredRow[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { day, nano_usd } of rows) sums.set(day, (sums.get(day) ?? 0) + nano_usd);
  return sums;
}
