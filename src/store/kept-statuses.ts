import type { KeptTable } from './kept-by-guild.ts';
import type { ShownStatus } from './store.ts';

/** How the statuses are kept that the bot has given to voice channels. */
export const statusTable: KeptTable<ShownStatus> = {
  read: (db, guildIds) =>
    db
      .selectFrom('shown_status')
      .select(['guild_id as guildId', 'channel_id as channelId', 'ours', 'was'])
      .where('guild_id', 'in', guildIds)
      .execute(),
  keep(db, { guildId, channelId, ours, was }) {
    const row = { channel_id: channelId, ours, was };
    return db
      .insertInto('shown_status')
      .values({ guild_id: guildId, ...row })
      .onConflict(conflict => conflict.column('guild_id').doUpdateSet(row))
      .execute();
  },
  drop: (db, guildId) => db.deleteFrom('shown_status').where('guild_id', '=', guildId).execute(),
};
