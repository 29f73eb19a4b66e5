import type { Kysely } from 'kysely';

/** Adds what is needed to undo the last import of settings in a guild. */
export async function lastImports(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('last_import')
    .addColumn('guild_id', 'text', column => column.primaryKey())
    .addColumn('at', 'bigint', column => column.notNull())
    .addColumn('undo', 'text', column => column.notNull())
    .execute();
}
