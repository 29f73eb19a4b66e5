import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Effect } from '../guilds/live-record.ts';
import type { Clone } from '../store.ts';

// Reads and writes the rows of clones: the voices that were made of people's own recordings.

/** The guild and the person that a clone belongs to; null when it belongs to nobody any more and is to be deleted. */
export type CloneOwner = { readonly guildId: string; readonly userId: string } | null;

/** Makes a `Clone` of its row in the database. */
export function cloneOf(row: Omit<Tables['clone'], 'guild_id'>): Clone {
  return {
    voiceId: row.voice_id,
    userId: row.user_id,
    name: row.name,
    createdAt: row.created_at,
    audioHash: row.audio_hash,
    statementVersion: row.statement_version,
  };
}

/** Adds a clone to a guild. */
export async function insertClone(db: Kysely<Tables>, guildId: string, clone: Clone): Promise<Effect> {
  const row = {
    voice_id: clone.voiceId,
    guild_id: guildId,
    user_id: clone.userId,
    // A NUL is refused by PostgreSQL, and half a surrogate pair by both databases.
    name: clone.name.toWellFormed().replaceAll('\0', ''),
    created_at: clone.createdAt,
    audio_hash: clone.audioHash,
    statement_version: clone.statementVersion,
  };
  await db.insertInto('clone').values(row).execute();
  return record => {
    const clones = [...record.clones, cloneOf(row)].sort((a, b) => a.createdAt - b.createdAt);
    return { ...record, clones };
  };
}

/** Deletes the clones whose `column` has this value, and notes that they are still to be deleted at Fish Audio. */
export async function doomClones(
  db: Kysely<Tables>,
  column: 'voice_id' | 'guild_id' | 'user_id',
  value: string,
): Promise<void> {
  await db
    .insertInto('doomed_voice')
    .columns(['voice_id'])
    .expression(rows => rows.selectFrom('clone').select('voice_id').where(column, '=', value))
    .onConflict(conflict => conflict.doNothing())
    .execute();
  await db.deleteFrom('clone').where(column, '=', value).execute();
}

/** Reads the ids of the voices that are still to be deleted at Fish Audio. */
export async function readDoomed(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db.selectFrom('doomed_voice').select('voice_id').orderBy('voice_id').execute();
  return rows.map(row => row.voice_id);
}

/** Reads the owner of each clone of one guild, by voice id. */
export async function readGuildOwners(
  db: Kysely<Tables>,
  guildId: string,
): Promise<ReadonlyMap<string, CloneOwner>> {
  const rows = await db
    .selectFrom('clone')
    .select(['voice_id', 'user_id'])
    .where('guild_id', '=', guildId)
    .execute();
  return new Map(rows.map(row => [row.voice_id, { guildId, userId: row.user_id }]));
}

/** Reads the owner of each clone in all guilds, by voice id. */
export async function readCloneOwners(db: Kysely<Tables>): Promise<ReadonlyMap<string, CloneOwner>> {
  const rows = await db.selectFrom('clone').select(['voice_id', 'guild_id', 'user_id']).execute();
  const owners = new Map<string, CloneOwner>(
    rows.map(row => [row.voice_id, { guildId: row.guild_id, userId: row.user_id }]),
  );
  for (const voiceId of await readDoomed(db)) owners.set(voiceId, null);
  return owners;
}
