import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../log.ts';
import type { Tables } from '../database/tables.ts';
import { fulfil } from '../people/deletions.ts';
import { lastNumber, refuseOlderCopy, wishesAfter } from '../people/wishes.ts';

// After the operator has restored an older dump of PostgreSQL, does again the opt-outs and deletions (wishes) that
// people asked for since then. `sqlite/wishes.ts` is the same for SQLite; `people/wishes.ts` notes wishes in the first
// place.

/**
 * The table in which the operator keeps the wishes of the database that a dump has replaced (see
 * `docs/operate/backup.md`).
 */
const KEPT = 'wish_kept';

/**
 * After an older dump was restored, does again the opt-outs and deletions that the dump does not have, if the operator
 * has kept them in the table `wish_kept`; that table is then removed. Does nothing when there is no such table.
 */
export async function fulfilKeptWishes(db: Kysely<Tables>, log: Logger): Promise<void> {
  if (!(await areKept(db))) return;
  const wishes = await db.transaction().execute(async transaction => {
    const known = await lastNumber(transaction);
    const kept = await wishesAfter(transaction, known, KEPT);
    for (const wish of kept) await fulfil(transaction, wish, log);
    await sql`drop table ${sql.table(KEPT)}`.execute(transaction);
    return kept.length;
  });
  log.warn({ wishes }, 'an older dump was restored: opt-outs and deletions of after it were done again');
}

/** Throws StoreError for a database that takes no writes if it is an older dump that lacks some of the kept wishes. */
export async function refuseOlderDump(db: Kysely<Tables>): Promise<void> {
  if (await areKept(db)) await refuseOlderCopy(db, await lastNumber(db, KEPT), 'read-only');
}

/** Whether the operator has kept wishes that were not done again yet. */
async function areKept(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${KEPT}) is not null as there`.execute(
    db,
  );
  return rows[0]?.there ?? false;
}
