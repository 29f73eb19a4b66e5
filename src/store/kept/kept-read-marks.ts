import type { KeptTable } from './kept-by-guild.ts';
import type { ReadMark } from './kept-facts.ts';

/** How it is kept up to which message the chat of each guild was read. */
export const readMarkTable: KeptTable<ReadMark> = {
  async read(db, guildIds) {
    const rows = await db
      .selectFrom('read_mark')
      .select(['guild_id as guildId', 'newest', 'left_open as leftOpen'])
      .where('guild_id', 'in', guildIds)
      .execute();
    return rows.map(({ leftOpen, ...row }) => ({
      ...row,
      leftOpen: leftOpen === null ? null : leftOpen.split(' ').filter(id => id !== ''),
    }));
  },
  keep: (db, marks) =>
    db
      .insertInto('read_mark')
      .values(
        marks.map(({ guildId, newest, leftOpen }) => ({
          guild_id: guildId,
          newest,
          left_open: leftOpen?.join(' ') ?? null,
        })),
      )
      .onConflict(conflict =>
        conflict.column('guild_id').doUpdateSet(({ ref }) => ({
          newest: ref('excluded.newest'),
          left_open: ref('excluded.left_open'),
        })),
      )
      .execute(),
  drop: (db, guildIds) => db.deleteFrom('read_mark').where('guild_id', 'in', guildIds).execute(),
};
