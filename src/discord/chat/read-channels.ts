import {
  ChannelType,
  type Guild,
  type GuildBasedChannel,
  type GuildTextBasedChannel,
  PermissionFlagsBits,
} from 'discord.js';
import type { ChannelSettings, GuildSettings } from '../../settings.ts';

/**
 * Whether a channel is read, and by whose word. Where `/join` had the bot read a voice channel's own chat, it reads
 * that of whichever voice channel it is in: people drag it along.
 */
export function readingOf(
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

/** The settings after a `/join`: those channels are read, and no others but what administrators have added. */
export function channelsAfterJoin(
  settings: GuildSettings,
  channelIds: readonly string[],
): GuildSettings['channels'] {
  const kept = settings.channels.filter(({ addedBy }) => addedBy === 'admin');
  const added = [...new Set(channelIds)].filter(id => !kept.some(channel => channel.id === id));
  return [...kept, ...added.map(id => ({ id, addedBy: 'join' as const }))];
}

/** The bot itself may not see a channel, and is told nothing of what is written there. */
export function isHiddenFromBot(guild: Guild, channelId: string): boolean {
  const { me } = guild.members;
  const channel = guild.channels.cache.get(channelId);
  return me !== null && channel?.permissionsFor(me)?.has(PermissionFlagsBits.ViewChannel) !== true;
}

/** Somebody in the voice channel may not see the text channel: what is written there is not for their ears. */
export function isHiddenFromSome(
  guild: Guild,
  channel: GuildBasedChannel | GuildTextBasedChannel,
  voiceChannelId: string,
): boolean {
  if (channel.id === voiceChannelId) return false;
  if (channel.type === ChannelType.PrivateThread) return true; // its few members are nobody's business
  const base = channel.isThread() ? channel.parent : channel;
  for (const state of guild.voiceStates.cache.values()) {
    if (state.channelId !== voiceChannelId || state.id === guild.client.user.id || state.member?.user.bot)
      continue;
    // Somebody unknown may see what everybody may.
    const who = state.member ?? guild.roles.everyone;
    if (!base?.permissionsFor(who)?.has(PermissionFlagsBits.ViewChannel)) return true;
  }
  return false;
}
