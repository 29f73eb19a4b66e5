import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import {
  personDefaults,
  type PersonSettings,
  personSettings,
  guildDefaults,
  guildSettings,
} from '../settings.ts';
import { cloneOf } from './clone-rows.ts';
import type { LiveRecord } from './live-record.ts';
import { effectiveSettings, readStored, type StoredSettings } from './setting-values.ts';
import type { GuildRecord } from './store.ts';
import type { Tables } from './tables.ts';

/** A server that has set nothing. Not to be changed. */
export const EMPTY_RECORD: GuildRecord = {
  known: true,
  settings: guildDefaults,
  people: new Map(),
  optOuts: new Set(),
  words: new Map(),
  wordsBy: new Map(),
  clones: [],
};

/** Rows that are read and turned into a record in one turn of the event loop: a millisecond or two. */
const ROWS_A_TURN = 100;

/**
 * Reads all of one server; in many turns of the loop, as a server may have tens of thousands of people. What is changed
 * meanwhile may be in it or not.
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
  const optOuts = new Set<string>();
  const ownOptOuts = db.selectFrom('opt_out').select('user_id').where('guild_id', '=', guildId);
  await inTurns(
    after => ownOptOuts.where('user_id', '>', after).orderBy('user_id').limit(ROWS_A_TURN).execute(),
    ({ user_id }) => optOuts.add(user_id),
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
    optOuts,
    words: sortedWords(words.map(({ word, say }) => [word, say] as const)),
    wordsBy: new Map(words.flatMap(({ word, added_by }) => (added_by === null ? [] : [[word, added_by]]))),
    clones: clones.map(cloneOf),
  };
}

/** Takes the rows of many people, a page in each turn of the loop. `page`: those after that user id. */
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

/** What a server has set, by name. */
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

/** By word; sorted here, as the databases differ about order. */
export function sortedWords(words: Iterable<readonly [word: string, say: string]>): Map<string, string> {
  return new Map([...words].sort(([a], [b]) => (a < b ? -1 : 1)));
}
