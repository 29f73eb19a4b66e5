import {
  ChannelType,
  type GuildBasedChannel,
  type GuildMember,
  PermissionFlagsBits,
  type VoiceBasedChannel,
} from 'discord.js';

const { ViewChannel, ReadMessageHistory, Connect, ManageThreads } = PermissionFlagsBits;

/** Who wants to know something, and the channel where they ask: Discord has let them into that one. */
export interface Viewer {
  readonly member: GuildMember;
  readonly channelId: string | null;
}

/** Whether somebody sees a channel in Discord's list of channels. */
export function sees({ member, channelId }: Viewer, channel: GuildBasedChannel): boolean {
  if (channel.guildId !== member.guild.id) return false;
  // Discord does not tell the bot who the members of a private thread are.
  if (channel.type === ChannelType.PrivateThread && channel.id !== channelId)
    return channel.permissionsFor(member).has([ViewChannel, ManageThreads]);
  return channel.permissionsFor(member).has(ViewChannel);
}

/** The same of a channel of their server by its id; false where there is no such channel. */
export function seesId(viewer: Viewer, channelId: string): boolean {
  const channel = viewer.member.guild.channels.cache.get(channelId);
  return channel !== undefined && sees(viewer, channel);
}

/** Whether somebody can enter a voice channel by themselves, whoever may be in it. */
export function mayEnter(viewer: Viewer, channel: VoiceBasedChannel): boolean {
  return sees(viewer, channel) && channel.permissionsFor(viewer.member).has(Connect);
}

/**
 * Whether somebody can read what was written in a channel before they looked. The chat of a voice channel is open to
 * those who may enter it (Discord, "Text Channels in Voice Channels").
 */
export function readsHistory(viewer: Viewer, channel: GuildBasedChannel): boolean {
  const isOpen = channel.isVoiceBased() ? mayEnter(viewer, channel) : sees(viewer, channel);
  return isOpen && channel.permissionsFor(viewer.member).has(ReadMessageHistory);
}

/** The same of a channel of their server by its id; false where there is no such channel. */
export function readsHistoryOfId(viewer: Viewer, channelId: string): boolean {
  const channel = viewer.member.guild.channels.cache.get(channelId);
  return channel !== undefined && readsHistory(viewer, channel);
}
