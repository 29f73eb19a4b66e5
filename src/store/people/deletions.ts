import type { Kysely } from 'kysely';
import type { Logger } from '../../log.ts';
import { doomClones } from '../clones/clone-rows.ts';
import type { Tables } from '../database/tables.ts';
import { forgetVoice, setOptOut } from '../guilds/changes.ts';
import { eraseGuild } from '../guilds/guilds.ts';
import type { Effect } from '../guilds/live-record.ts';
import { erasePerson } from './people.ts';
import { type NotedWish, noteWish } from './wishes.ts';

// Deletions that must hold for good: each is also noted as a wish, so that it is done again after an older copy of the
// database was restored.

/** Deletes everything that is kept of a person in all guilds, and notes that wish. */
export async function deletePerson(db: Kysely<Tables>, userId: string): Promise<void> {
  await erasePerson(db, userId);
  await noteWish(db, { kind: 'person', guildId: '', subject: userId });
  await eraseOptOuts(db, userId); // after that, so that no number of theirs is given again
}

/** Erases the opt-outs and opt-ins that are noted of a person: they name guilds, and the deletion takes their place. */
async function eraseOptOuts(db: Kysely<Tables>, userId: string): Promise<void> {
  await db.deleteFrom('wish').where('subject', '=', userId).where('kind', 'in', ['out', 'in']).execute();
}

/** Deletes a clone and everybody's choice of it in the guild, and notes that wish. */
export async function deleteVoice(
  db: Kysely<Tables>,
  guildId: string,
  voiceId: string,
  log: Logger,
): Promise<Effect> {
  await doomClones(db, 'voice_id', voiceId);
  await noteWish(db, { kind: 'voice', guildId, subject: voiceId });
  return await forgetVoice(db, guildId, voiceId, log);
}

/** Does what a wish asks for in a restored copy that does not have the wish, and notes it there under its number. */
export async function fulfil(db: Kysely<Tables>, wish: NotedWish, log: Logger): Promise<void> {
  const { number, at, kind, guildId, subject } = wish;
  if (kind === 'person') {
    await erasePerson(db, subject);
    await eraseOptOuts(db, subject);
  } else if (kind === 'guild') {
    await eraseGuild(db, guildId);
  } else if (kind === 'voice') {
    await doomClones(db, 'voice_id', subject);
    await forgetVoice(db, guildId, subject, log);
  } else {
    await setOptOut(db, guildId, subject, kind === 'out');
  }
  await db.insertInto('wish').values({ number, at, kind, guild_id: guildId, subject }).execute();
}
