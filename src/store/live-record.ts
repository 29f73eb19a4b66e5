import type { Kysely } from 'kysely';
import type { PersonSettings } from '../settings.ts';
import type { GuildRecord } from './store.ts';
import type { Tables } from './tables.ts';

/** A record as this room keeps it. */
export interface LiveRecord extends GuildRecord {
  readonly people: Map<string, PersonSettings>;
  readonly optOuts: Set<string>;
}

/** What a change in the database means for the record of the server, so that nobody has to read it again. */
export type Effect = (record: LiveRecord) => LiveRecord;

/** A change of one server: writes it, and returns what it means. */
export type Change = (db: Kysely<Tables>) => Promise<Effect>;

/** One effect after another. */
export function both(first: Effect, second: Effect): Effect {
  return record => second(first(record));
}
