import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from '../../log.ts';
import { guildDefaults, guildSettings } from '../../settings/guild.ts';
import { type PersonSettings, personDefaults, personSettings } from '../../settings/person.ts';
import { cloneOf } from '../clones/clone-rows.ts';
import type { PeopleTable, Tables } from '../database/tables.ts';
import type { GuildRecord } from '../store.ts';
import type { LiveRecord } from './live-record.ts';
import { effectiveSettings, readStored, type StoredSettings } from './setting-values.ts';

// Reads the record of a guild (settings, dictionary, people's choices) from the database. `changes.ts` writes it, and
// `guild-memory.ts` keeps it in memory.

/** The record of a guild that has set nothing. It is shared, so nobody may change it. */
export const EMPTY_RECORD: GuildRecord = {
  known: true,
  settings: guildDefaults,
  people: new Map(),
  optOuts: new Set(),
  optIns: new Set(),
  ignored: new Set(),
  words: new Map(),
  wordsBy: new Map(),
  clones: [],
};

/** How many rows are read and made into records in one turn of the event loop, which takes a millisecond or two. */
const ROWS_A_TURN = 100;

/**
 * Reads the whole record of one guild from the database. It takes many turns of the event loop, since a guild may have
 * tens of thousands of people. A change that is made meanwhile may be in the record or not.
 */
export async function readGuild(db: Kysely<Tables>, guildId: string, log: Logger): Promise<LiveRecord> {
  const stored = await readGuildSettings(db, guildId, log);
  const people = new Map<string, PersonSettings>();
  const ownPeople = db.selectFrom('person').select(['user_id', 'settings']).where('guild_id', '=', guildId);
  await inTurns(
    after => ownPeople.where('user_id', '>', after).orderBy('user_id').limit(ROWS_A_TURN).execute(),
    ({ user_id, settings }) =>
      people.set(user_id, effectiveSettings(personSettings, personDefaults, readStored(settings, log), log)),
  );
  const words = await db
    .selectFrom('word')
    .select(['word', 'say', 'added_by'])
    .where('guild_id', '=', guildId)
    .execute();
  const clones = await db
    .selectFrom('clone')
    .selectAll()
    .where('guild_id', '=', guildId)
    .orderBy('created_at')
    .execute();
  return {
    known: true,
    settings: effectiveSettings(guildSettings, guildDefaults, stored, log),
    people,
    optOuts: await readUserIds(db, 'opt_out', guildId),
    optIns: await readUserIds(db, 'opt_in', guildId),
    ignored: await readUserIds(db, 'ignored', guildId),
    words: sortedWords(words.map(({ word, say }) => [word, say] as const)),
    wordsBy: new Map(words.flatMap(({ word, added_by }) => (added_by === null ? [] : [[word, added_by]]))),
    clones: clones.map(cloneOf),
  };
}

/** Reads the user ids that a table has for one guild. */
async function readUserIds(db: Kysely<Tables>, table: PeopleTable, guildId: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const own = db.selectFrom(table).select('user_id').where('guild_id', '=', guildId);
  await inTurns(
    after => own.where('user_id', '>', after).orderBy('user_id').limit(ROWS_A_TURN).execute(),
    ({ user_id }) => ids.add(user_id),
  );
  return ids;
}

/**
 * Gives the rows of many people to `take`, a page in each turn of the event loop. `page` reads those after a user id.
 */
async function inTurns<Row extends { readonly user_id: string }>(
  page: (after: string) => Promise<readonly Row[]>,
  take: (row: Row) => void,
): Promise<void> {
  for (let after = ''; ; await turnOfTheLoop()) {
    const rows = await page(after);
    for (const row of rows) take(row);
    if (rows.length < ROWS_A_TURN) return;
    after = rows.at(-1)?.user_id ?? '';
  }
}

/** Reads what a guild has set, by name and unchecked. */
export async function readGuildSettings(
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

/**
 * A dictionary, word → what is said, sorted by its words. It is sorted here, since the two databases sort differently.
 */
export function sortedWords(words: Iterable<readonly [word: string, say: string]>): Map<string, string> {
  return new Map([...words].sort(([a], [b]) => (a < b ? -1 : 1)));
}
