import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import {
  personDefaults,
  type PersonSettings,
  personSettings,
  serverDefaults,
  serverSettings,
} from '../settings.ts';
import { cloneOf } from './clone-rows.ts';
import { effectiveSettings, readStored, type StoredSettings } from './setting-values.ts';
import type { ServerRecord } from './store.ts';
import type { Tables } from './tables.ts';

/** A server that has set nothing. */
export const EMPTY_RECORD: ServerRecord = {
  known: true,
  settings: serverDefaults,
  people: new Map(),
  optOuts: new Set(),
  words: new Map(),
  clones: [],
};

/** Rows that are turned into a record in one turn of the event loop: a millisecond or two. */
const ROWS_A_TURN = 200;

/** The rows of one server. */
export interface StoredServer {
  readonly settings: StoredSettings;
  readonly people: readonly Pick<Tables['person'], 'user_id' | 'settings'>[];
  readonly optOuts: readonly Pick<Tables['opt_out'], 'user_id'>[];
  readonly words: readonly Pick<Tables['word'], 'word' | 'say'>[];
  readonly clones: readonly Tables['clone'][];
}

/** Reads all of one server. */
export async function readServer(db: Kysely<Tables>, guildId: string, log: Logger): Promise<StoredServer> {
  const settings = await readServerSettings(db, guildId, log);
  const people = await db
    .selectFrom('person')
    .select(['user_id', 'settings'])
    .where('guild_id', '=', guildId)
    .execute();
  const optOuts = await db.selectFrom('opt_out').select('user_id').where('guild_id', '=', guildId).execute();
  const words = await db.selectFrom('word').select(['word', 'say']).where('guild_id', '=', guildId).execute();
  const clones = await db
    .selectFrom('clone')
    .selectAll()
    .where('guild_id', '=', guildId)
    .orderBy('created_at')
    .execute();
  return { settings, people, optOuts, words, clones };
}

/** What holds by these rows; in many turns of the loop, as a server may have thousands of people. */
export async function recordOf(stored: StoredServer, log: Logger): Promise<ServerRecord> {
  const people = new Map<string, PersonSettings>();
  for (const { user_id, settings } of stored.people) {
    people.set(user_id, effectiveSettings(personSettings, personDefaults, readStored(settings, log), log));
    if (people.size % ROWS_A_TURN === 0) await turnOfTheLoop();
  }
  return {
    known: true,
    settings: effectiveSettings(serverSettings, serverDefaults, stored.settings, log),
    people,
    optOuts: new Set(stored.optOuts.map(row => row.user_id)),
    // Sorted here: the databases differ about order.
    words: new Map(
      stored.words.map(({ word, say }) => [word, say] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    clones: stored.clones.map(cloneOf),
  };
}

/** What a server has set, by name. */
export async function readServerSettings(
  db: Kysely<Tables>,
  guildId: string,
  log: Logger,
): Promise<StoredSettings> {
  const row = await db
    .selectFrom('server')
    .select('settings')
    .where('guild_id', '=', guildId)
    .executeTakeFirst();
  return readStored(row?.settings, log);
}
