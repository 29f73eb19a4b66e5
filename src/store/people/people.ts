import type { Kysely } from 'kysely';
import type { Logger } from '../../log.ts';
import { personDefaults, personSettings } from '../../settings/person.ts';
import { cloneOf, doomClones } from '../clones/clone-rows.ts';
import type { PeopleTable, Tables } from '../database/tables.ts';
import { effectiveSettings, readStored } from '../guilds/setting-values.ts';
import { addingAmounts, withCached } from '../ledger/ledger-rows.ts';
import { NOBODY } from '../ledger/outstanding.ts';
import type { PersonExport } from '../store.ts';

// Reads and deletes all that is kept of one person.

/** Reads everything that is kept of one person, in all guilds. */
export async function readPerson(db: Kysely<Tables>, userId: string, log: Logger): Promise<PersonExport> {
  const chosen = await db
    .selectFrom('person')
    .select(['guild_id', 'settings'])
    .where('user_id', '=', userId)
    .execute();
  const optedOut = await guildsOf(db, 'opt_out', userId);
  const optedIn = await guildsOf(db, 'opt_in', userId);
  const ignored = await guildsOf(db, 'ignored', userId);
  const usage = await db
    .selectFrom('ledger')
    .select([
      'day',
      'guild_id as guildId',
      'bytes',
      'nano_usd as nanoUsd',
      'cached_lines as cachedLines',
      'cached_bytes as cachedBytes',
    ])
    .where('user_id', '=', userId)
    .orderBy('day')
    .orderBy('guild_id')
    .execute();
  const clones = await db
    .selectFrom('clone')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .execute();
  const words = await db
    .selectFrom('word')
    .select(['guild_id as guildId', 'word', 'say'])
    .where('added_by', '=', userId)
    .orderBy('guild_id')
    .orderBy('word')
    .execute();
  const settings = new Map(
    chosen.map(row => [
      row.guild_id,
      effectiveSettings(personSettings, personDefaults, readStored(row.settings, log), log),
    ]),
  );
  const guildIds = [...new Set([...settings.keys(), ...optedOut, ...optedIn, ...ignored])].sort();
  return {
    userId,
    servers: guildIds.map(guildId => ({
      guildId,
      settings: settings.get(guildId) ?? null,
      optedOut: optedOut.has(guildId),
      optedIn: optedIn.has(guildId),
      ignored: ignored.has(guildId),
    })),
    clones: clones.map(row => {
      const { userId: _own, ...clone } = cloneOf(row);
      return { guildId: row.guild_id, ...clone };
    }),
    words,
    usage: usage.map(withCached),
  };
}

/** Reads the ids of the guilds for which a table has this person. */
async function guildsOf(
  db: Kysely<Tables>,
  table: PeopleTable,
  userId: string,
): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom(table).select('guild_id').where('user_id', '=', userId).execute();
  return new Set(rows.map(row => row.guild_id));
}

/**
 * Deletes everything that is kept of one person, but not that moderators of a guild do not want them read: whoever was
 * ignored could end that by it. What was spent for them is added to the rows of `NOBODY`.
 */
export async function erasePerson(db: Kysely<Tables>, userId: string): Promise<void> {
  await db.deleteFrom('person').where('user_id', '=', userId).execute();
  await db.deleteFrom('opt_out').where('user_id', '=', userId).execute();
  await db.deleteFrom('opt_in').where('user_id', '=', userId).execute();
  await doomClones(db, 'user_id', userId);
  // The words belong to the guild and stay; only the note that this person added them is deleted.
  await db.updateTable('word').set({ added_by: null }).where('added_by', '=', userId).execute();
  await db
    .insertInto('ledger')
    .columns(['day', 'guild_id', 'user_id', 'bytes', 'nano_usd', 'cached_lines', 'cached_bytes'])
    .expression(rows =>
      rows
        .selectFrom('ledger as own')
        .select(({ val }) => [
          'own.day',
          'own.guild_id',
          val(NOBODY).as('user_id'),
          'own.bytes',
          'own.nano_usd',
          'own.cached_lines',
          'own.cached_bytes',
        ])
        .where('own.user_id', '=', userId),
    )
    .onConflict(addingAmounts)
    .execute();
  await db.deleteFrom('ledger').where('user_id', '=', userId).execute();
}
