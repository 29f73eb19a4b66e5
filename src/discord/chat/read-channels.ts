import { ChannelType, type Guild } from 'discord.js';
import type { ChannelSettings } from '../../settings/channel.ts';
import { type GuildSettings, settingsIn } from '../../settings/guild.ts';
import type { ChannelReading } from './gate.ts';

// Answers which text channels and threads are read aloud while the bot is in a voice channel. Whether one message is
// read, `gate.ts` decides.

/**
 * Returns why a channel or a thread is read (see `ChannelReading`). If `/join` had the bot read the chat of a voice
 * channel, it reads the chat of whichever voice channel it is in now, because people may have moved it to another one.
 */
export function readingOf(
  settings: GuildSettings,
  guild: Guild,
  channelId: string,
  botChannelId: string | undefined,
): ChannelReading {
  const own = ownReadingOf(settings, guild, channelId, botChannelId);
  const channel = guild.channels.cache.get(channelId);
  if (own || !channel?.isThread() || channel.parentId === null) return own;
  const ofParent = ownReadingOf(settings, guild, channel.parentId, botChannelId);
  if (!ofParent) return null;
  if (!settingsIn(settings, channel.parentId).threads) return 'thread-off';
  // Who added the channel did not add a private thread, which only some of the channel's readers see.
  return channel.type === ChannelType.PrivateThread ? 'join' : ofParent;
}

function ownReadingOf(
  settings: GuildSettings,
  guild: Guild,
  channelId: string,
  botChannelId: string | undefined,
): ChannelSettings['addedBy'] | null {
  const listed = settings.channels.find(({ id }) => id === channelId);
  if (listed) return listed.addedBy;
  const isVoice = (id: string) => guild.channels.cache.get(id)?.isVoiceBased() ?? false;
  const follows = settings.channels.some(({ id, addedBy }) => addedBy === 'join' && isVoice(id));
  return channelId === botChannelId && follows ? 'join' : null;
}

/**
 * Returns the setting `channels` as it is after a `/join`: the given channels are read, and besides them only those
 * that administrators have added. Channels that were read before keep what is set for them.
 */
export function channelsAfterJoin(
  settings: GuildSettings,
  channelIds: readonly string[],
): GuildSettings['channels'] {
  const kept = settings.channels.filter(({ addedBy }) => addedBy === 'admin');
  const added = [...new Set(channelIds)].filter(id => !kept.some(channel => channel.id === id));
  const before = new Map(settings.channels.map(channel => [channel.id, channel]));
  return [...kept, ...added.map(id => before.get(id) ?? { id, addedBy: 'join' as const })];
}
