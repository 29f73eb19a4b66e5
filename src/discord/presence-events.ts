import { type Client, Events, type Guild } from 'discord.js';
import type { GatewaySessions } from './gateway-sessions.ts';
import type { Returns } from './returns.ts';
import type { Rooms } from './rooms.ts';

export interface PresenceOptions {
  readonly client: Client;
  readonly gateway: GatewaySessions;
  readonly rooms: Rooms;
  readonly returns: Returns;
}

/** Connects what the gateway tells of servers and of who is in voice to the sessions, and to coming back. */
export function wirePresence({ client, gateway, rooms, returns }: PresenceOptions): void {
  const guildsOf = (shardId: number): Iterable<Guild> =>
    client.guilds.cache.filter(guild => guild.shardId === shardId).values();

  client.on(Events.VoiceStateUpdate, (before, after) => {
    const { guild } = after;
    if (after.id === client.user?.id) gateway.ownStateChanged(guild);
    if (before.channelId === after.channelId) return;
    rooms.session(guild.id)?.companyChanged();
    returns.companyChanged(guild);
  });

  // After an outage, and with a new session of the gateway, the voice states are simply there anew, without an event
  // for each.
  client.on(Events.GuildAvailable, guild => {
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
