import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { LastImport } from '../store.ts';

// The queries by which an import of settings (`/settings import`) can be undone for a while. Change here for how long.

/** How long what is needed to undo an import is kept. */
export const IMPORTS_KEPT_MS = 24 * 60 * 60_000;

/** Keeps how a guild's last import can be undone, in place of the one before; null forgets it. */
export async function keepLastImport(
  db: Kysely<Tables>,
  guildId: string,
  last: LastImport | null,
): Promise<void> {
  await db.deleteFrom('last_import').where('guild_id', '=', guildId).execute();
  if (last)
    await db.insertInto('last_import').values({ guild_id: guildId, at: last.at, undo: last.undo }).execute();
}

/** Reads how a guild's last import can be undone; null when there is none that is still kept. */
export async function readLastImport(db: Kysely<Tables>, guildId: string): Promise<LastImport | null> {
  const row = await db
    .selectFrom('last_import')
    .select(['at', 'undo'])
    .where('guild_id', '=', guildId)
    .executeTakeFirst();
  return row ?? null;
}

/** Deletes what was kept of imports at the time `until` (epoch milliseconds) or earlier. */
export async function pruneLastImports(db: Kysely<Tables>, until: number): Promise<void> {
  await db.deleteFrom('last_import').where('at', '<=', until).execute();
}
