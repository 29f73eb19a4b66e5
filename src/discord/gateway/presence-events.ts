import { type Client, Events, type Guild } from 'discord.js';
import type { Logger } from '../../log.ts';
import { insist, walled } from '../../walls.ts';
import type { Reader } from '../chat/reader.ts';
import type { Arrivals } from '../people/arrivals.ts';
import type { Calls } from '../presence/calls.ts';
import type { ChannelStatuses } from '../presence/channel-statuses.ts';
import type { Dismissals } from '../presence/dismissals.ts';
import type { Follows } from '../presence/follows.ts';
import type { GatewaySessions } from '../presence/gateway-sessions.ts';
import type { Hearing } from '../presence/hearing.ts';
import type { Returns } from '../presence/returns.ts';
import { fetchOwnMembers } from './own-member.ts';

// Connects Discord's events about voice channels, permissions and outages to what depends on them, such as whether
// people hear the bot (`presence/hearing.ts`) and its coming back to channels (`presence/returns.ts`). Events about
// chat and commands are in `events.ts`.

export interface PresenceEventsOptions {
  readonly client: Client;
  readonly gateway: GatewaySessions;
  readonly calls: Pick<Calls, 'nowhere' | 'session'>;
  readonly dismissals: Pick<Dismissals, 'outage'>;
  readonly returns: Returns;
  readonly hearing: Hearing;
  readonly follows: Follows;
  readonly arrivals: Arrivals;
  readonly statuses: ChannelStatuses;
  readonly reader: Pick<Reader, 'audienceChanged'>;
  readonly log: Logger;
}

/** Begins to listen to the client's events. Call this once, before the client logs in. */
export function wirePresence(options: PresenceEventsOptions): void {
  const { client, gateway, calls, dismissals, returns, hearing, follows, arrivals, statuses, reader, log } =
    options;
  /**
   * What is checked after an event. Each check looks at the present state, so it can safely be repeated when it
   * failed; and a check that fails does not keep the others from running.
   */
  const look = {
    hearing: (guild: Guild) => insist(log, 'hearing', () => hearing.changed(guild)),
    company: (guild: Guild) => insist(log, 'company', () => calls.session(guild.id)?.companyChanged()),
    returns: (guild: Guild) => insist(log, 'returns', () => returns.companyChanged(guild)),
    statuses: (guild: Guild) => insist(log, 'statuses', () => statuses.look(guild)),
    audience: (guild: Guild) => insist(log, 'audience', () => reader.audienceChanged(guild)),
  };
  const permissions = (guild: Guild) => {
    look.hearing(guild);
    look.statuses(guild);
    look.audience(guild);
  };
  const guildsOf = (shardId: number): Iterable<Guild> =>
    client.guilds.cache.filter(guild => guild.shardId === shardId).values();

  client.on(Events.VoiceStateUpdate, (before, after) => {
    const { guild } = after;
    if (after.id === client.user?.id) {
      insist(log, 'own state', () => gateway.ownStateChanged(guild));
      if (after.channelId === null) insist(log, 'own leave', () => calls.nowhere(guild.id));
      look.hearing(guild);
    }
    if (before.channelId === after.channelId) return;
    look.audience(guild);
    look.company(guild);
    look.returns(guild);
    look.statuses(guild);
    insist(log, 'arrivals', () => arrivals.moved(before, after));
    if (after.channelId !== null) insist(log, 'following', () => follows.entered(after));
  });

  client.on(Events.ChannelDelete, channel => {
    const session = 'guild' in channel ? calls.session(channel.guild.id) : undefined;
    if (session?.channelId === channel.id) insist(log, 'channel gone', () => session.channelGone());
  });

  // The bot's permissions in its channel can change with its own roles, with what a role allows, and with the channel.
  client.on(Events.ChannelUpdate, (_, channel) => {
    if ('guild' in channel) permissions(channel.guild);
  });
  client.on(Events.GuildRoleUpdate, (_, { guild }) => permissions(guild));
  client.on(Events.GuildRoleDelete, ({ guild }) => permissions(guild));
  client.on(Events.GuildMemberUpdate, (_, { guild, id }) => {
    if (id === client.user?.id) permissions(guild);
  });

  fetchOwnMembers(client, log, guild => {
    permissions(guild);
    if (client.isReady()) insist(log, 'coming back', () => returns.look([guild]));
  });

  // After an outage, and with a new gateway session, all voice states of a guild arrive at once, without one event
  // each.
  client.on(Events.GuildUnavailable, ({ id }) => insist(log, 'an outage', () => dismissals.outage(id)));
  client.on(Events.GuildAvailable, guild => {
    look.audience(guild);
    look.hearing(guild);
    look.company(guild);
    look.returns(guild);
    look.statuses(guild);
    if (client.isReady()) insist(log, 'coming back', () => returns.look([guild]));
  });
  // The library holds back the events about voice channels until all shards are ready, so the first look waits for
  // that.
  client.once(Events.ClientReady, () =>
    insist(log, 'coming back', () => returns.look(client.guilds.cache.values())),
  );
  client.once(
    Events.ClientReady,
    () => void walled(log, 'statuses', () => statuses.recover([...client.guilds.cache.values()])),
  );
  client.on(Events.ShardReady, shardId => {
    if (!client.isReady()) return;
    insist(log, 'coming back', () => returns.look(guildsOf(shardId)));
    void walled(log, 'statuses', () => statuses.recover([...guildsOf(shardId)]));
  });
  client.on(Events.ShardResume, shardId =>
    insist(log, 'coming back', () => returns.lookAgain(guildsOf(shardId))),
  );
}
