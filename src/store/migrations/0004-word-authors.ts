import type { Kysely } from 'kysely';

/** Adds the column that says who added a word to a dictionary. For words from before, the author is unknown (null). */
export async function wordAuthors(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('word').addColumn('added_by', 'text').execute();
  await db.schema.createIndex('word_author').on('word').column('added_by').execute();
}
