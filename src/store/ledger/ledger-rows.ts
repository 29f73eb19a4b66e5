import { randomUUID } from 'node:crypto';
import type { Kysely, OnConflictBuilder } from 'kysely';
import { chunks } from '../database/chunks.ts';
import type { Tables } from '../database/tables.ts';
import type { CachedSpeech, LedgerRow } from './ledger.ts';

// Reads and writes the rows of the ledger in the database.

/** A row of the table `ledger`, with the names of its columns. */
export type StoredRow = Tables['ledger'];

/**
 * Ledger rows that are written together. `batch` is a unique id, by which the batch is never written twice; see
 * `batchId`. `lease` names who writes, of whom only the last batch is remembered.
 */
export interface Batch {
  readonly lease: string;
  readonly batch: string;
  readonly rows: readonly StoredRow[];
}

/**
 * Adds the amounts of each row to the row of the same day, guild and person in the database. Does nothing, and returns
 * false, if the lease's last batch in the database is this very one: PostgreSQL may have written the batch, and then
 * have been lost before it could say so.
 */
export async function addBatch(db: Kysely<Tables>, { lease, batch, rows }: Batch): Promise<boolean> {
  const fresh = await db
    .insertInto('ledger_batch')
    .values({ lease, batch })
    .onConflict(conflict =>
      conflict.column('lease').doUpdateSet({ batch }).where('ledger_batch.batch', '!=', batch),
    )
    .returning('lease')
    .executeTakeFirst();
  if (!fresh) return false;
  for (const some of chunks(rows)) {
    await db.insertInto('ledger').values(some).onConflict(addingAmounts).execute();
  }
  return true;
}

/**
 * What an insert into the ledger does where the day, guild and person have a row already: adds its amounts to that row.
 */
export function addingAmounts(conflict: OnConflictBuilder<Tables, 'ledger'>) {
  return conflict.columns(['day', 'guild_id', 'user_id']).doUpdateSet(({ eb, ref }) => ({
    bytes: eb('ledger.bytes', '+', ref('excluded.bytes')),
    nano_usd: eb('ledger.nano_usd', '+', ref('excluded.nano_usd')),
    cached_lines: eb('ledger.cached_lines', '+', ref('excluded.cached_lines')),
    cached_bytes: eb('ledger.cached_bytes', '+', ref('excluded.cached_bytes')),
  }));
}

/** Makes the id of a batch. It begins with the UTC day, so that a database knows how old the batch is. */
export function batchId(day: string): string {
  return `${day} ${randomUUID()}`;
}

/**
 * Forgets the batches of before `day`, which nobody writes again. Those of older versions, of which nobody knows the
 * day, are forgotten too.
 */
export async function pruneBatches(db: Kysely<Tables>, day: string): Promise<void> {
  await db
    .deleteFrom('ledger_batch')
    .where(eb =>
      eb.or([eb('batch', 'not like', '____-__-__ %'), eb(eb.fn('left', ['batch', eb.lit(10)]), '<', day)]),
    )
    .execute();
}

/** Reads how many bytes a guild has spent on `day`. */
export async function readGuildTotal(db: Kysely<Tables>, day: string, guildId: string): Promise<number> {
  const row = await db
    .selectFrom('ledger')
    .select(({ fn }) => fn.sum<number | null>('bytes').as('bytes'))
    .where('guild_id', '=', guildId)
    .where('day', '=', day)
    .executeTakeFirst();
  return row?.bytes ?? 0;
}

/** Reads what each guild has spent on `day`, a UTC day such as `2026-11-24`. */
export async function readTotals(
  db: Kysely<Tables>,
  day: string,
): Promise<readonly { guildId: string; bytes: number; nanoUsd: number }[]> {
  return await db
    .selectFrom('ledger')
    .select(({ fn }) => [
      'guild_id as guildId',
      fn.sum<number>('bytes').as('bytes'),
      fn.sum<number>('nano_usd').as('nanoUsd'),
    ])
    .where('day', '=', day)
    .groupBy('guild_id')
    .execute();
}

/**
 * Reads what was spent from `firstDay` on, one row for each day and person, sorted by day and then by user id. A guild
 * or a person that is undefined limits nothing.
 */
export async function readRows(
  db: Kysely<Tables>,
  firstDay: string,
  of: { guildId?: string | undefined; userId?: string | undefined },
): Promise<LedgerRow[]> {
  const { guildId, userId } = of;
  const rows = await db
    .selectFrom('ledger')
    .select(({ fn }) => [
      'day',
      'user_id as userId',
      fn.sum<number>('bytes').as('bytes'),
      fn.sum<number>('nano_usd').as('nanoUsd'),
      fn.sum<number>('cached_lines').as('cachedLines'),
      fn.sum<number>('cached_bytes').as('cachedBytes'),
    ])
    .where('day', '>=', firstDay)
    .$if(guildId !== undefined, query => query.where('guild_id', '=', guildId ?? ''))
    .$if(userId !== undefined, query => query.where('user_id', '=', userId ?? ''))
    .groupBy(['day', 'user_id'])
    .execute();
  return rows
    .map(withCached)
    .sort((a, b) => (a.day === b.day ? compare(a.userId, b.userId) : compare(a.day, b.day)));
}

/** Puts what was said from memory into a field of its own, which rows without that do not have. */
export function withCached<Row extends { readonly cachedLines: number; readonly cachedBytes: number }>({
  cachedLines,
  cachedBytes,
  ...row
}: Row): Omit<Row, 'cachedLines' | 'cachedBytes'> & { readonly cached?: CachedSpeech } {
  return { ...row, ...(cachedLines > 0 && { cached: { lines: cachedLines, bytes: cachedBytes } }) };
}

const compare = (a: string, b: string) => (a < b ? -1 : 1);
