import type { Kysely } from 'kysely';
import { doomClones } from '../clones/clone-rows.ts';
import { chunks } from '../database/chunks.ts';
import type { Tables } from '../database/tables.ts';
import { noteWish } from '../people/wishes.ts';

// Notes in the database which guilds the bot has left, and deletes what is kept of a guild.

/** How many days of usage are deleted in one transaction, so that SQLite does not hold up the event loop. */
const DAYS_AT_ONCE = 30;

/** The tables that have rows of a guild, each in a column `guild_id`. */
const GUILD_TABLES = [
  'server',
  'person',
  'opt_out',
  'opt_in',
  'ignored',
  'word',
  'last_import',
  'stay',
  'shown_status',
  'read_mark',
  'ledger',
  'clone',
  'welcome',
] as const;

/** Notes that a guild is welcomed at the time `at` (epoch milliseconds). Returns false if it was welcomed before. */
export async function markWelcomed(db: Kysely<Tables>, guildId: string, at: number): Promise<boolean> {
  const noted = await db
    .insertInto('welcome')
    .values({ guild_id: guildId, at })
    .onConflict(conflict => conflict.column('guild_id').doNothing())
    .returning('guild_id')
    .executeTakeFirst();
  return noted !== undefined;
}

/** Notes that the bot was removed from the guild at the time `at` (epoch milliseconds). */
export async function markLeft(db: Kysely<Tables>, guildId: string, at: number): Promise<void> {
  await db
    .insertInto('guild_left')
    .values({ guild_id: guildId, left_at: at })
    .onConflict(conflict => conflict.column('guild_id').doUpdateSet({ left_at: at }))
    .execute();
}

/** Notes that the bot is in these guilds. */
export async function markPresent(db: Kysely<Tables>, guildIds: readonly string[]): Promise<void> {
  for (const some of chunks(guildIds))
    await db.deleteFrom('guild_left').where('guild_id', 'in', some).execute();
}

/** Reads the ids of the guilds that have rows in the database and are not noted as left. */
export async function readUnmarked(db: Kysely<Tables>): Promise<readonly string[]> {
  const left = db.selectFrom('guild_left').select('guild_id');
  const found = new Set<string>();
  for (const table of GUILD_TABLES) {
    const rows = await db
      .selectFrom(table)
      .select('guild_id')
      .distinct()
      .where('guild_id', 'not in', left)
      .execute();
    for (const row of rows) found.add(row.guild_id);
  }
  return [...found];
}

/** Reads the ids of the guilds that the bot left at the time `until` (epoch milliseconds) or earlier. */
export async function readLeft(db: Kysely<Tables>, until: number): Promise<readonly string[]> {
  const rows = await db.selectFrom('guild_left').select('guild_id').where('left_at', '<=', until).execute();
  return rows.map(row => row.guild_id);
}

/**
 * Deletes a part of what is kept of a guild, if the bot left it at the time `until` (epoch milliseconds) or earlier.
 * Returns true while there is more to delete: then it is to be called again.
 */
export async function purgeSome(db: Kysely<Tables>, guildId: string, until: number): Promise<boolean> {
  const left = await db
    .selectFrom('guild_left')
    .select('guild_id')
    .where('guild_id', '=', guildId)
    .where('left_at', '<=', until)
    .executeTakeFirst();
  if (!left) return false;
  const days = await db
    .selectFrom('ledger')
    .select('day')
    .distinct()
    .where('guild_id', '=', guildId)
    .orderBy('day')
    .limit(DAYS_AT_ONCE)
    .execute();
  if (days.length > 0) {
    const last = days.at(-1)?.day ?? '';
    await db.deleteFrom('ledger').where('guild_id', '=', guildId).where('day', '<=', last).execute();
    return true;
  }
  await eraseGuild(db, guildId);
  await noteWish(db, { kind: 'guild', guildId, subject: '' });
  return false;
}

/** Deletes everything that is kept of a guild, in one go. */
export async function eraseGuild(db: Kysely<Tables>, guildId: string): Promise<void> {
  await doomClones(db, 'guild_id', guildId);
  for (const table of [...GUILD_TABLES, 'guild_left'] as const)
    await db.deleteFrom(table).where('guild_id', '=', guildId).execute();
}
