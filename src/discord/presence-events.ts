import { type Client, Events, type Guild } from 'discord.js';
import type { GatewaySessions } from './gateway-sessions.ts';
import type { Hearing } from './hearing.ts';
import type { Returns } from './returns.ts';
import type { Rooms } from './rooms.ts';

export interface PresenceOptions {
  readonly client: Client;
  readonly gateway: GatewaySessions;
  readonly rooms: Rooms;
  readonly returns: Returns;
  readonly hearing: Hearing;
}

/** Connects what the gateway tells of servers and of who is in voice to the sessions, and to coming back. */
export function wirePresence({ client, gateway, rooms, returns, hearing }: PresenceOptions): void {
  const guildsOf = (shardId: number): Iterable<Guild> =>
    client.guilds.cache.filter(guild => guild.shardId === shardId).values();

  client.on(Events.VoiceStateUpdate, (before, after) => {
    const { guild } = after;
    if (after.id === client.user?.id) {
      gateway.ownStateChanged(guild);
      hearing.changed(guild);
    }
    if (before.channelId === after.channelId) return;
    rooms.session(guild.id)?.companyChanged();
    returns.companyChanged(guild);
  });

  client.on(Events.ChannelDelete, channel => {
    const session = 'guild' in channel ? rooms.session(channel.guild.id) : undefined;
    if (session?.channelId === channel.id) session.channelGone();
  });

  // What the bot may do changes with its roles, theirs, and the channel's own permissions.
  client.on(Events.ChannelUpdate, (_, channel) => {
    if ('guild' in channel) hearing.changed(channel.guild);
  });
  client.on(Events.GuildRoleUpdate, (_, { guild }) => hearing.changed(guild));
  client.on(Events.GuildRoleDelete, ({ guild }) => hearing.changed(guild));
  client.on(Events.GuildMemberUpdate, (_, { guild, id }) => {
    if (id === client.user?.id) hearing.changed(guild);
  });

  // After an outage, and with a new session of the gateway, the voice states are simply there anew, without an event
  // for each.
  client.on(Events.GuildAvailable, guild => {
    hearing.changed(guild);
    rooms.session(guild.id)?.companyChanged();
    returns.companyChanged(guild);
    if (client.isReady()) returns.look([guild]);
  });
  // Until all shards are ready the library holds back what it is told of voice.
  client.once(Events.ClientReady, () => returns.look(client.guilds.cache.values()));
  client.on(Events.ShardReady, shardId => {
    if (client.isReady()) returns.look(guildsOf(shardId));
  });
  client.on(Events.ShardResume, shardId => returns.lookAgain(guildsOf(shardId)));
}
