import type { Kysely } from 'kysely';

/**
 * Adds what a process may be using that has lost the others at Fish Audio, and how they see that (see
 * `slots/slot-rows.ts`).
 */
export async function lostParties(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('fish_party').addColumn('connection', 'text').execute();
  await db.schema.alterTable('fish_party').addColumn('safe', 'integer').execute();
}
