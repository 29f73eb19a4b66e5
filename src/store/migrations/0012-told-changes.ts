import type { Kysely } from 'kysely';

/**
 * Adds the table of changes that the processes of one PostgreSQL database tell each other (see
 * `processes/told-changes.ts`).
 */
export async function toldChanges(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('told_change')
    .addColumn('xact', 'bigint', column => column.notNull())
    .addColumn('at', 'bigint', column => column.notNull())
    .addColumn('process', 'text', column => column.notNull())
    .addColumn('guild_id', 'text', column => column.notNull())
    .addColumn('user_id', 'text', column => column.notNull())
    .execute();
  await db.schema.createIndex('told_change_xact').on('told_change').column('xact').execute();
}
