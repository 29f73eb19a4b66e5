import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { StoreError, type StoreProblem } from '../errors.ts';

// Notes opt-outs and deletions (wishes) under numbers, so that none is lost when the operator restores an older copy of
// the database. `sqlite/wishes.ts` and `postgres/wishes.ts` do them again then. Change here how long they are kept.

/** How long a wish is kept. Older copies of the database, which would need it, are gone or must not be restored. */
export const WISHES_KEPT_MS = 30 * 86_400_000;
const OLDER_COPY =
  'it is an older copy, and what people asked for since (opt-outs, deletions) cannot be done again in it: nothing is read until the user of the bot can write it';

/**
 * An opt-out or a deletion.
 *
 * - `out`: the person `subject` has opted out in the guild; `in`: they have opted in
 * - `person`: all that was kept of the person `subject` was deleted; `guildId` is empty
 * - `voice`: the clone `subject` of the guild was deleted
 * - `guild`: all that was kept of the guild was deleted, long after the bot had left it; `subject` is empty
 */
export interface Wish {
  readonly kind: 'out' | 'in' | 'person' | 'voice' | 'guild';
  readonly guildId: string;
  readonly subject: string;
}

/** A wish as it is noted. */
export interface NotedWish extends Wish {
  /** Its place in the order of wishes; numbers grow and are never used again. */
  readonly number: number;
  /** When it was noted, in epoch milliseconds. */
  readonly at: number;
}

/** Notes a wish under the next number. `db` is the transaction that also does what the wish asks for. */
export async function noteWish(db: Kysely<Tables>, { kind, guildId, subject }: Wish): Promise<void> {
  const number = (await lastNumber(db)) + 1;
  await db.insertInto('wish').values({ number, at: Date.now(), kind, guild_id: guildId, subject }).execute();
}

/**
 * Throws StoreError with `problem` if a database that cannot be written is an older copy, which lacks the wish under
 * the number `last`: what people asked for since cannot be done again there, so nothing of it may be read.
 */
export async function refuseOlderCopy(
  db: Kysely<Tables>,
  last: number,
  problem: StoreProblem,
): Promise<void> {
  if (last > (await lastNumber(db))) throw new StoreError(problem, OLDER_COPY);
}

/** The number of the last wish in `table`; 0 when there is none. */
export async function lastNumber(db: Kysely<Tables>, table: 'wish' | 'wish_kept' = 'wish'): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select(({ fn }) => fn.max<number | null>('number').as('last'))
    .executeTakeFirst();
  return row?.last ?? 0;
}

/** Reads the wishes after a number, in their order, from `table`. */
export async function wishesAfter(
  db: Kysely<Tables>,
  number: number,
  table: 'wish' | 'wish_kept' = 'wish',
): Promise<readonly NotedWish[]> {
  const rows = await db
    .selectFrom(table)
    .select(['number', 'at', 'kind', 'guild_id as guildId', 'subject'])
    .where('number', '>', number)
    .orderBy('number')
    .execute();
  return rows.map(row => ({ ...row, kind: row.kind as Wish['kind'] }));
}

/** Deletes the wishes from before `until` (epoch milliseconds), but never the last one, which holds the last number. */
export async function pruneWishes(db: Kysely<Tables>, until: number): Promise<void> {
  const last = await lastNumber(db);
  await db.deleteFrom('wish').where('at', '<', until).where('number', '<', last).execute();
}
