import type { KeptTable } from './kept-by-guild.ts';
import type { Stay } from './kept-facts.ts';

/** How the voice channels are kept in which people want the bot. */
export const stayTable: KeptTable<Stay> = {
  read: (db, guildIds) =>
    db
      .selectFrom('stay')
      .select(['guild_id as guildId', 'channel_id as channelId', 'notices_to as noticesTo'])
      .where('guild_id', 'in', guildIds)
      .execute(),
  keep: (db, stays) =>
    db
      .insertInto('stay')
      .values(
        stays.map(({ guildId, channelId, noticesTo }) => ({
          guild_id: guildId,
          channel_id: channelId,
          notices_to: noticesTo,
        })),
      )
      .onConflict(conflict =>
        conflict.column('guild_id').doUpdateSet(({ ref }) => ({
          channel_id: ref('excluded.channel_id'),
          notices_to: ref('excluded.notices_to'),
        })),
      )
      .execute(),
  drop: (db, guildIds) => db.deleteFrom('stay').where('guild_id', 'in', guildIds).execute(),
};
