import type { KeptTable } from './kept-by-guild.ts';
import type { Stay } from './store.ts';

/** How the voice channels are kept in which people want the bot. */
export const stayTable: KeptTable<Stay> = {
  read: (db, guildIds) =>
    db
      .selectFrom('stay')
      .select(['guild_id as guildId', 'channel_id as channelId', 'notices_to as noticesTo'])
      .where('guild_id', 'in', guildIds)
      .execute(),
  keep(db, { guildId, channelId, noticesTo }) {
    const where = { channel_id: channelId, notices_to: noticesTo };
    return db
      .insertInto('stay')
      .values({ guild_id: guildId, ...where })
      .onConflict(conflict => conflict.column('guild_id').doUpdateSet(where))
      .execute();
  },
  drop: (db, guildId) => db.deleteFrom('stay').where('guild_id', '=', guildId).execute(),
};
