import type { Kysely } from 'kysely';

/** Adds the table of the guilds that were welcomed when they invited the bot. */
export async function welcomes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('welcome')
    .addColumn('guild_id', 'text', column => column.primaryKey())
    .addColumn('at', 'bigint', column => column.notNull())
    .execute();
}
