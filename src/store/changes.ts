import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import { readServerSettings } from './records.ts';
import { readStored, type StoredSettings } from './setting-values.ts';
import type { Tables } from './tables.ts';

/** Rows of one statement: both databases bound the parameters of one. */
const ROWS_AT_ONCE = 500;

/** Sets what `patch` has, a checked one; what else is there stays, also settings this code does not know. */
export async function patchServer(
  db: Kysely<Tables>,
  guildId: string,
  patch: StoredSettings,
  log: Logger,
): Promise<void> {
  const before = await readServerSettings(db, guildId, log);
  const settings = JSON.stringify({ ...before, ...patch });
  await db
    .insertInto('server')
    .values({ guild_id: guildId, settings })
    .onConflict(conflict => conflict.column('guild_id').doUpdateSet({ settings }))
    .execute();
}

export async function patchPerson(
  db: Kysely<Tables>,
  guildId: string,
  userId: string,
  patch: StoredSettings,
  log: Logger,
): Promise<void> {
  const row = await db
    .selectFrom('person')
    .select('settings')
    .where('guild_id', '=', guildId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  const settings = JSON.stringify({ ...readStored(row?.settings, log), ...patch });
  await db
    .insertInto('person')
    .values({ guild_id: guildId, user_id: userId, settings })
    .onConflict(conflict => conflict.columns(['guild_id', 'user_id']).doUpdateSet({ settings }))
    .execute();
}

export async function forgetPerson(db: Kysely<Tables>, guildId: string, userId: string): Promise<void> {
  await db.deleteFrom('person').where('guild_id', '=', guildId).where('user_id', '=', userId).execute();
}

/** Whoever has chosen this voice has chosen none, and nobody is offered it as one they had. */
export async function forgetVoice(
  db: Kysely<Tables>,
  guildId: string,
  voiceId: string,
  log: Logger,
): Promise<void> {
  const people = await db
    .selectFrom('person')
    .select(['user_id', 'settings'])
    .where('guild_id', '=', guildId)
    .where('settings', 'like', `%${voiceId}%`)
    .execute();
  for (const { user_id, settings } of people) {
    const { voice, favourites } = readStored(settings, log);
    const patch = {
      ...(voice === voiceId && { voice: null }),
      ...(Array.isArray(favourites) && { favourites: favourites.filter(one => one !== voiceId) }),
    };
    await patchPerson(db, guildId, user_id, patch, log);
  }
}

export async function setOptOut(
  db: Kysely<Tables>,
  guildId: string,
  userId: string,
  out: boolean,
): Promise<void> {
  if (out) {
    await db
      .insertInto('opt_out')
      .values({ guild_id: guildId, user_id: userId })
      .onConflict(conflict => conflict.doNothing())
      .execute();
  } else {
    await db.deleteFrom('opt_out').where('guild_id', '=', guildId).where('user_id', '=', userId).execute();
  }
}

export async function replaceWords(
  db: Kysely<Tables>,
  guildId: string,
  words: ReadonlyMap<string, string>,
): Promise<void> {
  await db.deleteFrom('word').where('guild_id', '=', guildId).execute();
  // PostgreSQL's text takes no NUL, and neither takes half a surrogate pair; two words may become one by that.
  const clean = (text: string) => text.toWellFormed().replaceAll('\0', '');
  const cleaned = new Map([...words].map(([word, say]) => [clean(word), clean(say)]));
  const rows = [...cleaned].map(([word, say]) => ({ guild_id: guildId, word, say }));
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await db
      .insertInto('word')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
}
