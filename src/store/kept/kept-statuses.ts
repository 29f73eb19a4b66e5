import type { KeptTable } from './kept-by-guild.ts';
import type { ShownStatus } from './kept-facts.ts';

/** How the statuses are kept that the bot has given to voice channels. */
export const statusTable: KeptTable<ShownStatus> = {
  read: (db, guildIds) =>
    db
      .selectFrom('shown_status')
      .select(['guild_id as guildId', 'channel_id as channelId', 'ours', 'was'])
      .where('guild_id', 'in', guildIds)
      .execute(),
  keep: (db, statuses) =>
    db
      .insertInto('shown_status')
      .values(
        statuses.map(({ guildId, channelId, ours, was }) => ({
          guild_id: guildId,
          channel_id: channelId,
          ours,
          was,
        })),
      )
      .onConflict(conflict =>
        conflict.column('guild_id').doUpdateSet(({ ref }) => ({
          channel_id: ref('excluded.channel_id'),
          ours: ref('excluded.ours'),
          was: ref('excluded.was'),
        })),
      )
      .execute(),
  drop: (db, guildIds) => db.deleteFrom('shown_status').where('guild_id', 'in', guildIds).execute(),
};
