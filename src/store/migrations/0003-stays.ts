import type { Kysely } from 'kysely';

/** The voice channels in which the bot is wanted, so that it comes back after a restart. */
export async function stays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('stay')
    .addColumn('guild_id', 'text', column => column.primaryKey())
    .addColumn('channel_id', 'text', column => column.notNull())
    .addColumn('notices_to', 'text', column => column.notNull())
    .execute();
}
