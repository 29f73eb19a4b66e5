import type { Kysely } from 'kysely';

/** Makes the first tables, which `database/tables.ts` explains. A migration is never changed once it was released. */
export async function start(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('server')
    .addColumn('guild_id', 'text', column => column.primaryKey())
    .addColumn('settings', 'text', column => column.notNull())
    .execute();
  await schema
    .createTable('person')
    .addColumn('guild_id', 'text', column => column.notNull())
    .addColumn('user_id', 'text', column => column.notNull())
    .addColumn('settings', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('person_key', ['guild_id', 'user_id'])
    .execute();
  await schema
    .createTable('opt_out')
    .addColumn('guild_id', 'text', column => column.notNull())
    .addColumn('user_id', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('opt_out_key', ['guild_id', 'user_id'])
    .execute();
  await schema
    .createTable('word')
    .addColumn('guild_id', 'text', column => column.notNull())
    .addColumn('word', 'text', column => column.notNull())
    .addColumn('say', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('word_key', ['guild_id', 'word'])
    .execute();
  await schema
    .createTable('ledger')
    .addColumn('day', 'text', column => column.notNull())
    .addColumn('guild_id', 'text', column => column.notNull())
    .addColumn('user_id', 'text', column => column.notNull())
    .addColumn('bytes', 'bigint', column => column.notNull())
    .addColumn('nano_usd', 'bigint', column => column.notNull())
    .addPrimaryKeyConstraint('ledger_key', ['day', 'guild_id', 'user_id'])
    .execute();
  await schema
    .createTable('ledger_batch')
    .addColumn('lease', 'text', column => column.primaryKey())
    .addColumn('batch', 'text', column => column.notNull())
    .execute();
  await schema
    .createTable('guild_left')
    .addColumn('guild_id', 'text', column => column.primaryKey())
    .addColumn('left_at', 'bigint', column => column.notNull())
    .execute();
  await schema
    .createTable('pulse')
    .addColumn('id', 'integer', column => column.primaryKey())
    .addColumn('at', 'bigint', column => column.notNull())
    .execute();
  await schema.createIndex('person_user').on('person').column('user_id').execute();
  await schema.createIndex('opt_out_user').on('opt_out').column('user_id').execute();
  await schema.createIndex('ledger_user').on('ledger').columns(['user_id', 'day']).execute();
  await schema.createIndex('ledger_guild').on('ledger').columns(['guild_id', 'day']).execute();
}
