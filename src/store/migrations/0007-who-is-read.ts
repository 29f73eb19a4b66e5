import type { Kysely } from 'kysely';

/** Adds the people who have asked to be read in a guild, and those whose chat its moderators do not want read. */
export async function whoIsRead(db: Kysely<unknown>): Promise<void> {
  for (const table of ['opt_in', 'ignored'])
    await db.schema
      .createTable(table)
      .addColumn('guild_id', 'text', column => column.notNull())
      .addColumn('user_id', 'text', column => column.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['guild_id', 'user_id'])
      .execute();
}
