import type { Kysely } from 'kysely';

/** Who added a word to a dictionary; of words from before nobody knows. */
export async function wordAuthors(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('word').addColumn('added_by', 'text').execute();
  await db.schema.createIndex('word_author').on('word').column('added_by').execute();
}
