import { ChannelType, type GuildBasedChannel, type GuildMember, PermissionFlagsBits } from 'discord.js';

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

/**
 * Whether somebody can read what was written in a channel before they looked. The chat of a voice channel is open to
 * those who may enter it (Discord, "Text Channels in Voice Channels").
 */
export function readsHistory(viewer: Viewer, channel: GuildBasedChannel): boolean {
  const needed = channel.isVoiceBased() ? [ReadMessageHistory, Connect] : [ReadMessageHistory];
  return sees(viewer, channel) && channel.permissionsFor(viewer.member).has(needed);
}
