import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Nobody needs to know of a deletion after this: copies that are older are gone, or are not to be restored. */
export const WISHES_KEPT_MS = 30 * 86_400_000;

/**
 * What somebody asked for and must hold also when an older copy of the database is restored. `subject`: the person;
 * for `voice` the voice; for `guild` nothing. `guildId` is empty for `person`.
 *
 * - `out`, `in`: the person's chat is not read there, or is again; `person`: everything of the person was deleted
 * - `voice`: a voice of somebody's own was deleted; `guild`: everything of a server that the bot had left long ago
 */
export interface Wish {
  readonly kind: 'out' | 'in' | 'person' | 'voice' | 'guild';
  readonly guildId: string;
  readonly subject: string;
}

/** A wish in its place. `at`: epoch milliseconds. */
export interface NotedWish extends Wish {
  readonly number: number;
  readonly at: number;
}

/** Notes a wish in the transaction that fulfils it; its number is higher than that of all before it. */
export async function noteWish(db: Kysely<Tables>, { kind, guildId, subject }: Wish): Promise<void> {
  const number = (await lastNumber(db)) + 1;
  await db.insertInto('wish').values({ number, at: Date.now(), kind, guild_id: guildId, subject }).execute();
}

/** 0: none yet. */
export async function lastNumber(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('wish')
    .select(({ fn }) => fn.max<number | null>('number').as('last'))
    .executeTakeFirst();
  return row?.last ?? 0;
}

/** The wishes with a higher number, in their order. `table`: another one of the same form. */
export async function wishesAfter(
  db: Kysely<Tables>,
  number: number,
  table: 'wish' | 'wish_kept' = 'wish',
): Promise<readonly NotedWish[]> {
  const rows = await db
    .selectFrom(table)
    .select(['number', 'at', 'kind', 'guild_id as guildId', 'subject'])
    .where('number', '>', number)
    .orderBy('number')
    .execute();
  return rows.map(row => ({ ...row, kind: row.kind as Wish['kind'] }));
}

/** Forgets wishes of before `until` (epoch milliseconds), but for the last one: numbers are not used again. */
export async function pruneWishes(db: Kysely<Tables>, until: number): Promise<void> {
  const last = await lastNumber(db);
  await db.deleteFrom('wish').where('at', '<', until).where('number', '<', last).execute();
}
