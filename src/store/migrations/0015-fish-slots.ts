import type { Kysely } from 'kysely';

/** Adds the tables by which processes share the slots of an account at Fish Audio (see `slots/slot-rows.ts`). */
export async function fishSlots(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('fish_account')
    .addColumn('account', 'text', column => column.primaryKey())
    .addColumn('limit_known', 'text', column => column.notNull())
    .addColumn('wanted', 'text', column => column.notNull())
    .execute();
  await db.schema
    .createTable('fish_party')
    .addColumn('account', 'text', column => column.notNull())
    .addColumn('process', 'text', column => column.notNull())
    .addColumn('held', 'integer', column => column.notNull())
    .addColumn('used', 'integer', column => column.notNull())
    .addColumn('waiting', 'text', column => column.notNull())
    .addColumn('missed_at', 'bigint')
    .addPrimaryKeyConstraint('fish_party_key', ['account', 'process'])
    .execute();
}
