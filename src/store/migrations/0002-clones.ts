import type { Kysely } from 'kysely';

/** Adds the tables for voices made of people's own recordings, and for those still to be deleted at Fish Audio. */
export async function clones(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('clone')
    .addColumn('voice_id', 'text', column => column.primaryKey())
    .addColumn('guild_id', 'text', column => column.notNull())
    .addColumn('user_id', 'text', column => column.notNull())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('audio_hash', 'text', column => column.notNull())
    .addColumn('statement_version', 'integer', column => column.notNull())
    .execute();
  await schema
    .createTable('doomed_voice')
    .addColumn('voice_id', 'text', column => column.primaryKey())
    .execute();
  await schema.createIndex('clone_guild').on('clone').column('guild_id').execute();
  await schema.createIndex('clone_user').on('clone').column('user_id').execute();
}
