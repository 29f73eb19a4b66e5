import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import { personDefaults, personSettings, guildDefaults, guildSettings } from '../settings.ts';
import { both, type Effect } from './live-record.ts';
import { readGuildSettings, sortedWords } from './records.ts';
import { effectiveSettings, readStored, type StoredSettings } from './setting-values.ts';
import type { Tables } from './tables.ts';
import type { UnsavedChanges } from './unsaved.ts';
import { noteWish } from './wishes.ts';

/** Rows of one statement: both databases bound the parameters of one. */
const ROWS_AT_ONCE = 500;

/** Sets what `patch` has, a checked one; what else is there stays, also settings this code does not know. */
export async function patchGuild(
  db: Kysely<Tables>,
  guildId: string,
  patch: StoredSettings,
  log: Logger,
): Promise<Effect> {
  const stored = { ...(await readGuildSettings(db, guildId, log)), ...patch };
  const settings = JSON.stringify(stored);
  await db
    .insertInto('server')
    .values({ guild_id: guildId, settings })
    .onConflict(conflict => conflict.column('guild_id').doUpdateSet({ settings }))
    .execute();
  const effective = effectiveSettings(guildSettings, guildDefaults, stored, log);
  return record => ({ ...record, settings: effective });
}

export async function patchPerson(
  db: Kysely<Tables>,
  guildId: string,
  userId: string,
  patch: StoredSettings,
  log: Logger,
): Promise<Effect> {
  const row = await db
    .selectFrom('person')
    .select('settings')
    .where('guild_id', '=', guildId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  const stored = { ...readStored(row?.settings, log), ...patch };
  const settings = JSON.stringify(stored);
  await db
    .insertInto('person')
    .values({ guild_id: guildId, user_id: userId, settings })
    .onConflict(conflict => conflict.columns(['guild_id', 'user_id']).doUpdateSet({ settings }))
    .execute();
  const effective = effectiveSettings(personSettings, personDefaults, stored, log);
  return record => {
    record.people.set(userId, effective);
    return { ...record };
  };
}

export async function forgetPerson(db: Kysely<Tables>, guildId: string, userId: string): Promise<Effect> {
  await db.deleteFrom('person').where('guild_id', '=', guildId).where('user_id', '=', userId).execute();
  return record => {
    record.people.delete(userId);
    return { ...record };
  };
}

/** Whoever has chosen this voice has chosen none, and nobody is offered it as one they had. */
export async function forgetVoice(
  db: Kysely<Tables>,
  guildId: string,
  voiceId: string,
  log: Logger,
): Promise<Effect> {
  const people = await db
    .selectFrom('person')
    .select(['user_id', 'settings'])
    .where('guild_id', '=', guildId)
    .where('settings', 'like', `%${voiceId}%`)
    .execute();
  let effect: Effect = record => ({
    ...record,
    clones: record.clones.filter(clone => clone.voiceId !== voiceId),
  });
  for (const { user_id, settings } of people) {
    const { voice, favourites } = readStored(settings, log);
    const patch = {
      ...(voice === voiceId && { voice: null }),
      ...(Array.isArray(favourites) && { favourites: favourites.filter(one => one !== voiceId) }),
    };
    effect = both(effect, await patchPerson(db, guildId, user_id, patch, log));
  }
  return effect;
}

export async function setOptOut(
  db: Kysely<Tables>,
  guildId: string,
  userId: string,
  out: boolean,
): Promise<Effect> {
  if (out) {
    await db
      .insertInto('opt_out')
      .values({ guild_id: guildId, user_id: userId })
      .onConflict(conflict => conflict.doNothing())
      .execute();
  } else {
    await db.deleteFrom('opt_out').where('guild_id', '=', guildId).where('user_id', '=', userId).execute();
  }
  return record => {
    if (out) record.optOuts.add(userId);
    else record.optOuts.delete(userId);
    return { ...record };
  };
}

/** Makes several changes of one server. */
export async function makeChanges(
  db: Kysely<Tables>,
  guildId: string,
  { settings, optOuts }: UnsavedChanges,
  log: Logger,
): Promise<Effect> {
  let effect: Effect = record => record;
  if (Object.keys(settings).length > 0) effect = await patchGuild(db, guildId, settings, log);
  for (const [userId, out] of optOuts) {
    effect = both(effect, await setOptOut(db, guildId, userId, out));
    await noteWish(db, { kind: out ? 'out' : 'in', guildId, subject: userId });
  }
  return effect;
}

export interface NewWords {
  /** The whole dictionary. */
  readonly words: ReadonlyMap<string, string>;
  /** Who adds what is new in it; undefined: nobody knows. */
  readonly by: string | undefined;
  /** What the dictionary is known to be. */
  readonly before: ReadonlyMap<string, string> | undefined;
}

/** Replaces the dictionary: only what differs is written. */
export async function replaceWords(
  db: Kysely<Tables>,
  guildId: string,
  { words, by, before: known }: NewWords,
): Promise<Effect> {
  // PostgreSQL's text takes no NUL, and neither takes half a surrogate pair; two words may become one by that.
  const clean = (text: string) => text.toWellFormed().replaceAll('\0', '');
  const cleaned = new Map([...words].map(([word, say]) => [clean(word), clean(say)]));
  const before = known ?? (await readWords(db, guildId));
  const removed = [...before.keys()].filter(word => !cleaned.has(word));
  await deleteWords(db, guildId, removed);
  const changed = [...cleaned].filter(([word, say]) => before.get(word) !== say);
  const rows = changed.map(([word, say]) => ({ guild_id: guildId, word, say, added_by: by ?? null }));
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await db
      .insertInto('word')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .onConflict(conflict =>
        conflict.columns(['guild_id', 'word']).doUpdateSet(({ ref }) => ({
          say: ref('excluded.say'),
          added_by: ref('excluded.added_by'),
        })),
      )
      .execute();
  return record => {
    const wordsBy = new Map(record.wordsBy);
    for (const word of removed) wordsBy.delete(word);
    for (const [word] of changed) {
      if (by === undefined) wordsBy.delete(word);
      else wordsBy.set(word, by);
    }
    return { ...record, words: sortedWords(cleaned), wordsBy };
  };
}

async function readWords(db: Kysely<Tables>, guildId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('word').select(['word', 'say']).where('guild_id', '=', guildId).execute();
  return new Map(rows.map(({ word, say }) => [word, say]));
}

async function deleteWords(db: Kysely<Tables>, guildId: string, words: readonly string[]): Promise<void> {
  for (let at = 0; at < words.length; at += ROWS_AT_ONCE)
    await db
      .deleteFrom('word')
      .where('guild_id', '=', guildId)
      .where('word', 'in', words.slice(at, at + ROWS_AT_ONCE))
      .execute();
}
