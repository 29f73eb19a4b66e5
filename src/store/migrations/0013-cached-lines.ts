import type { Kysely } from 'kysely';

/** Adds to the ledger how many lines were said from memory, and how many bytes were not sent for that reason. */
export async function cachedLines(db: Kysely<unknown>): Promise<void> {
  for (const name of ['cached_lines', 'cached_bytes'])
    await db.schema
      .alterTable('ledger')
      .addColumn(name, 'bigint', column => column.notNull().defaultTo(0))
      .execute();
}
