import type { Kysely } from 'kysely';

/** Adds the table of what each process of one PostgreSQL database may spend on a day (see `ledger/portion-rows.ts`). */
export async function dayPortions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('portion')
    .addColumn('day', 'text', column => column.notNull())
    .addColumn('process', 'text', column => column.notNull())
    .addColumn('granted', 'bigint', column => column.notNull())
    .addColumn('spent', 'bigint', column => column.notNull())
    .addColumn('until', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('portion_key', ['day', 'process'])
    .execute();
}
