import type { Kysely } from 'kysely';

/** Adds the table of the statuses that the bot has given to voice channels, with what these statuses were before. */
export async function shownStatuses(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shown_status')
    .addColumn('guild_id', 'text', column => column.primaryKey())
    .addColumn('channel_id', 'text', column => column.notNull())
    .addColumn('ours', 'text', column => column.notNull())
    .addColumn('was', 'text')
    .execute();
}
