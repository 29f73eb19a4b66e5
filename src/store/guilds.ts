import type { Kysely } from 'kysely';
import { doomClones } from './clone-rows.ts';
import type { Tables } from './tables.ts';
import { noteWish } from './wishes.ts';

const IDS_AT_ONCE = 1_000;
/** Days of usage that are deleted in one transaction, so that SQLite does not hold up the event loop. */
const DAYS_AT_ONCE = 30;

/** The tables in which something of a server is kept. */
const OF_GUILDS = ['server', 'person', 'opt_out', 'word', 'stay', 'ledger', 'clone'] as const;

/** Notes that the bot was taken out of the server at `at`. */
export async function markLeft(db: Kysely<Tables>, guildId: string, at: number): Promise<void> {
  await db
    .insertInto('guild_left')
    .values({ guild_id: guildId, left_at: at })
    .onConflict(conflict => conflict.column('guild_id').doUpdateSet({ left_at: at }))
    .execute();
}

export async function markPresent(db: Kysely<Tables>, guildIds: readonly string[]): Promise<void> {
  for (let at = 0; at < guildIds.length; at += IDS_AT_ONCE)
    await db
      .deleteFrom('guild_left')
      .where('guild_id', 'in', guildIds.slice(at, at + IDS_AT_ONCE))
      .execute();
}

/** The servers of which something is kept, but for those that are known to have been left. */
export async function readUnmarked(db: Kysely<Tables>): Promise<readonly string[]> {
  const left = db.selectFrom('guild_left').select('guild_id');
  const found = new Set<string>();
  for (const table of OF_GUILDS) {
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

/** The servers that were left at `until` or earlier. */
export async function readLeft(db: Kysely<Tables>, until: number): Promise<readonly string[]> {
  const rows = await db.selectFrom('guild_left').select('guild_id').where('left_at', '<=', until).execute();
  return rows.map(row => row.guild_id);
}

/** Deletes part of what there is of a server that was left at `until` or earlier; returns whether there is more. */
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

/** Deletes everything of a server. */
export async function eraseGuild(db: Kysely<Tables>, guildId: string): Promise<void> {
  await doomClones(db, 'guild_id', guildId);
  for (const table of [...OF_GUILDS, 'guild_left'] as const)
    await db.deleteFrom(table).where('guild_id', '=', guildId).execute();
}
