import type { Guild, GuildBasedChannel } from 'discord.js';
import { isHiddenFromSome, sees } from '../seeing.ts';

// Finds the names of the channels that a line mentions. A name is not said, or shown by `/dictionary try`, where
// somebody may not see the channel: everybody can write any id.

/** The most channels of one line that are named, because each is looked up for all who listen. */
const MAX_NAMED = 10;

/** In which channel something is written, and by whom: whoever wrote it and, with a command, whoever used that. */
export interface Place {
  readonly channelId: string;
  readonly people: readonly string[];
}

/**
 * Returns a function that gives the name of a channel by its id; undefined for a channel that is unknown, or that one
 * of the people, or somebody who hears them, may not see. Those hear it who are in a voice channel with them or the
 * bot.
 */
export function channelNames(guild: Guild, place: Place): (id: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return id => {
    const channel = guild.channels.cache.get(id);
    if (!channel || (!known.has(id) && known.size >= MAX_NAMED)) return undefined;
    if (!known.has(id)) known.set(id, isKnownToAll(guild, channel, place) ? channel.name : undefined);
    return known.get(id);
  };
}

function isKnownToAll(guild: Guild, channel: GuildBasedChannel, { channelId, people }: Place): boolean {
  const members = people.map(id => guild.members.cache.get(id)).filter(member => member !== undefined);
  // Most often all of them are in one voice channel, whose people are then asked for once.
  const voices = new Set(
    [guild.client.user.id, ...people].map(id => guild.voiceStates.cache.get(id)?.channelId),
  );
  return (
    members.every(member => sees({ member, channelId }, channel)) &&
    [...voices].every(voiceId => !voiceId || !isHiddenFromSome(guild, channel, voiceId))
  );
}
