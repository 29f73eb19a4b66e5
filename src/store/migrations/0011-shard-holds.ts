import type { Kysely } from 'kysely';

/** Adds the table of the shards that processes hold or have held without giving them back. */
export async function shardHolds(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shard_hold')
    .addColumn('bot', 'text', column => column.notNull())
    .addColumn('shard', 'integer', column => column.notNull())
    .addColumn('holder', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('shard_hold_key', ['bot', 'shard'])
    .execute();
}
