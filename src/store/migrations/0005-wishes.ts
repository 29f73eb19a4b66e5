import type { Kysely } from 'kysely';

/** Adds the table of opt-outs and deletions, in the order in which they were asked for (see `people/wishes.ts`). */
export async function wishes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('wish')
    .addColumn('number', 'bigint', column => column.primaryKey())
    .addColumn('at', 'bigint', column => column.notNull())
    .addColumn('kind', 'text', column => column.notNull())
    .addColumn('guild_id', 'text', column => column.notNull())
    .addColumn('subject', 'text', column => column.notNull())
    .execute();
}
