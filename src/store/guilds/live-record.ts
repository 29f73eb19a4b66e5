import type { Kysely } from 'kysely';
import type { PersonSettings } from '../../settings/person.ts';
import type { Tables } from '../database/tables.ts';
import type { GuildRecord } from '../store.ts';

// Types for a change of a guild's record: it is written to the database, and then made in the copy in memory too.
// `changes.ts` has the changes; `guild-memory.ts` makes them in memory.

/** A guild's record as the store itself keeps it: the store may change its maps and sets of people in place. */
export interface LiveRecord extends GuildRecord {
  readonly people: Map<string, PersonSettings>;
  readonly optOuts: Set<string>;
  readonly optIns: Set<string>;
  readonly ignored: Set<string>;
}

/** Makes the change that was made in the database in a guild's record too, so that the guild need not be read again. */
export type Effect = (record: LiveRecord) => LiveRecord;

/** Writes a change of one guild to the database, and returns its effect on the guild's record. */
export type Change = (db: Kysely<Tables>) => Promise<Effect>;

/** Joins two effects to one, which has the first and then the second. */
export function both(first: Effect, second: Effect): Effect {
  return record => second(first(record));
}
