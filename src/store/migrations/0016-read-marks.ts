import type { Kysely } from 'kysely';

/** Adds the table of how far the chat of each server was read, for the process that has the server next. */
export async function readMarks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('read_mark')
    .addColumn('guild_id', 'text', column => column.primaryKey())
    .addColumn('newest', 'text', column => column.notNull())
    .addColumn('left_open', 'text')
    .execute();
}
