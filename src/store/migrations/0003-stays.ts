import type { Kysely } from 'kysely';

/** Adds the table of the voice channels in which people want the bot, so that it comes back after a restart. */
export async function stays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('stay')
    .addColumn('guild_id', 'text', column => column.primaryKey())
    .addColumn('channel_id', 'text', column => column.notNull())
    .addColumn('notices_to', 'text', column => column.notNull())
    .execute();
}
