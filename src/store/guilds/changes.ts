import type { Kysely } from 'kysely';
import type { Logger } from '../../log.ts';
import { guildDefaults, guildSettings } from '../../settings/guild.ts';
import { mannerIn, type OwnManner } from '../../settings/manner.ts';
import { personDefaults, personSettings } from '../../settings/person.ts';
import { chunks } from '../database/chunks.ts';
import type { PeopleTable, Tables } from '../database/tables.ts';
import { noteWish } from '../people/wishes.ts';
import { readGuildSettings, sortedWords } from './guild-rows.ts';
import { both, type Effect } from './live-record.ts';
import { effectiveSettings, readStored, type StoredSettings } from './setting-values.ts';
import { chosenSettings, type UnsavedChoice } from './unsaved.ts';

// Each function here makes one change in the database, and returns what that change does to the guild's record in
// memory.

/**
 * Sets the settings of a guild that `patch` names; their values were checked before. All other settings stay as they
 * are, even those whose names this version of the code does not know.
 */
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

/**
 * Sets what a person has chosen in a guild, as far as `patch` names it; the values were checked before. If this changes
 * their manner, the one that they had is noted, unless `patch` says itself what was `before`.
 */
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
  const old = readStored(row?.settings, log);
  const before = mannerIn(effectiveSettings(personSettings, personDefaults, old, log));
  const stored = { ...old, ...(changes(before, patch) && { before }), ...patch };
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

/** Whether a patch of a person's settings changes their manner. */
function changes(before: OwnManner, patch: StoredSettings): boolean {
  return Object.entries(before).some(([name, value]) => name in patch && patch[name] !== value);
}

/** Takes a voice away from everybody in the guild: it is in nobody's settings any more. */
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
    const stored = readStored(settings, log);
    const { voice, before, favourites, chosen } = effectiveSettings(
      personSettings,
      personDefaults,
      stored,
      log,
    );
    const patch = {
      ...(voice === voiceId && { voice: null }),
      before: before?.voice === voiceId ? { ...before, voice: null } : before,
      favourites: favourites.filter(one => one !== voiceId),
      chosen: chosen.filter(one => one !== voiceId),
    };
    effect = both(effect, await patchPerson(db, guildId, user_id, patch, log));
  }
  return effect;
}

/** Saves that a person has opted out in a guild (`out` true) or opted in (`out` false); each ends the other. */
export async function setOptOut(
  db: Kysely<Tables>,
  guildId: string,
  userId: string,
  out: boolean,
): Promise<Effect> {
  await setListed(db, 'opt_out', { guildId, userId }, out);
  await setListed(db, 'opt_in', { guildId, userId }, !out);
  return record => {
    record[out ? 'optOuts' : 'optIns'].add(userId);
    record[out ? 'optIns' : 'optOuts'].delete(userId);
    return { ...record };
  };
}

/** Saves whether the moderators of a guild do not want a person's chat read. */
export async function setIgnored(
  db: Kysely<Tables>,
  guildId: string,
  userId: string,
  ignored: boolean,
): Promise<Effect> {
  await setListed(db, 'ignored', { guildId, userId }, ignored);
  return record => {
    if (ignored) record.ignored.add(userId);
    else record.ignored.delete(userId);
    return { ...record };
  };
}

/** Puts a person on a guild's list in a table, or takes them off it. */
async function setListed(
  db: Kysely<Tables>,
  table: PeopleTable,
  { guildId, userId }: { readonly guildId: string; readonly userId: string },
  listed: boolean,
): Promise<void> {
  if (listed)
    await db
      .insertInto(table)
      .values({ guild_id: guildId, user_id: userId })
      .onConflict(conflict => conflict.doNothing())
      .execute();
  else await db.deleteFrom(table).where('guild_id', '=', guildId).where('user_id', '=', userId).execute();
}

/** Writes settings and opt-outs of one guild that the database did not have yet. */
export async function writeChoices(
  db: Kysely<Tables>,
  guildId: string,
  choices: readonly UnsavedChoice[],
  log: Logger,
): Promise<Effect> {
  const settings = chosenSettings(choices);
  let effect: Effect = record => record;
  if (Object.keys(settings).length > 0) effect = await patchGuild(db, guildId, settings, log);
  for (const { kind, name: userId, value: out } of choices) {
    if (kind !== 'opt-out') continue;
    effect = both(effect, await setOptOut(db, guildId, userId, out));
    await noteWish(db, { kind: out ? 'out' : 'in', guildId, subject: userId });
  }
  return effect;
}

/** A new dictionary for a guild. */
export interface NewWords {
  /** The whole new dictionary: word → what is said for it. */
  readonly words: ReadonlyMap<string, string>;
  /** User id of the person who adds the entries that are new; undefined when that is not known. */
  readonly by: string | undefined;
  /** The dictionary as it is in the database; undefined when that is not known, and then it is read first. */
  readonly before: ReadonlyMap<string, string> | undefined;
}

/** Replaces the whole dictionary of a guild. Only the entries that differ from `before` are written. */
export async function replaceWords(
  db: Kysely<Tables>,
  guildId: string,
  { words, by, before: known }: NewWords,
): Promise<Effect> {
  // A NUL is refused by PostgreSQL, and half a surrogate pair by both databases. Without them two words may be equal.
  const clean = (text: string) => text.toWellFormed().replaceAll('\0', '');
  const cleaned = new Map([...words].map(([word, say]) => [clean(word), clean(say)]));
  const before = known ?? (await readWords(db, guildId));
  const removed = [...before.keys()].filter(word => !cleaned.has(word));
  await deleteWords(db, guildId, removed);
  const changed = [...cleaned].filter(([word, say]) => before.get(word) !== say);
  const rows = changed.map(([word, say]) => ({ guild_id: guildId, word, say, added_by: by ?? null }));
  for (const some of chunks(rows))
    await db
      .insertInto('word')
      .values(some)
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
  for (const some of chunks(words))
    await db.deleteFrom('word').where('guild_id', '=', guildId).where('word', 'in', some).execute();
}
