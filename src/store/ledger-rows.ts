import type { Kysely } from 'kysely';
import type { LedgerRow } from './store.ts';
import type { Tables } from './tables.ts';

export type StoredRow = Tables['ledger'];

/** Rows of one statement: five parameters each, and both databases bound them. */
const ROWS_AT_ONCE = 500;

/** Rows that are written together, once. */
export interface Batch {
  readonly lease: string;
  readonly batch: string;
  readonly rows: readonly StoredRow[];
}

/**
 * Adds each row to the one of the same day, server and person; nothing, if this batch of the lease is there already:
 * PostgreSQL can be lost after it has written, and before it has said so.
 */
export async function addBatch(db: Kysely<Tables>, { lease, batch, rows }: Batch): Promise<void> {
  const fresh = await db
    .insertInto('ledger_batch')
    .values({ lease, batch })
    .onConflict(conflict =>
      conflict.column('lease').doUpdateSet({ batch }).where('ledger_batch.batch', '!=', batch),
    )
    .returning('lease')
    .executeTakeFirst();
  if (!fresh) return;
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await db
      .insertInto('ledger')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .onConflict(conflict =>
        conflict.columns(['day', 'guild_id', 'user_id']).doUpdateSet(({ eb, ref }) => ({
          bytes: eb('ledger.bytes', '+', ref('excluded.bytes')),
          nano_usd: eb('ledger.nano_usd', '+', ref('excluded.nano_usd')),
        })),
      )
      .execute();
  }
}

/** What each server has on `day`. */
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

/** From `firstDay` on; by day, then user. What is not given is not asked for. */
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
    ])
    .where('day', '>=', firstDay)
    .$if(guildId !== undefined, query => query.where('guild_id', '=', guildId ?? ''))
    .$if(userId !== undefined, query => query.where('user_id', '=', userId ?? ''))
    .groupBy(['day', 'user_id'])
    .execute();
  return rows.sort((a, b) => (a.day === b.day ? compare(a.userId, b.userId) : compare(a.day, b.day)));
}

const compare = (a: string, b: string) => (a < b ? -1 : 1);
