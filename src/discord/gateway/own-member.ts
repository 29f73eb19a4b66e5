import { type Client, Events, type Guild } from 'discord.js';
import type { Logger } from '../../log.ts';
import { walled } from '../../walls.ts';

// Discord names the bot itself among the members of each guild that it tells of. Where it does not, the library knows
// neither the bot's permissions there nor its voice state, and the bot could join no channel.

/**
 * Asks Discord, for each guild that comes without the bot's own member, who that is. `onKnown` is called with the guild
 * when the member is known.
 */
export function fetchOwnMembers(client: Client, log: Logger, onKnown: (guild: Guild) => void): void {
  const fetchIn = (guild: Guild) => {
    if (guild.members.me) return;
    void walled(log, 'own member', async () => {
      await guild.members.fetchMe();
      onKnown(guild);
    });
  };
  client.on(Events.GuildAvailable, fetchIn);
  client.on(Events.GuildCreate, fetchIn);
}
