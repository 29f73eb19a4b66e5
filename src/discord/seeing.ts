import {
  ChannelType,
  type Guild,
  type GuildBasedChannel,
  type GuildMember,
  PermissionFlagsBits,
  type VoiceBasedChannel,
} from 'discord.js';

// Tells which channels a person, those who hear the bot, or the bot itself may see, enter and read according to
// Discord's permissions, so that the bot never tells people about channels that Discord hides from them.

const { ViewChannel, ReadMessageHistory, Connect, ManageThreads } = PermissionFlagsBits;

/**
 * Somebody who asks the bot for something. `channelId` is the channel where they ask, which they certainly see, or null
 * where there is none.
 */
export interface Viewer {
  readonly member: GuildMember;
  readonly channelId: string | null;
}

/** Whether the viewer sees a channel in Discord's list of channels. A channel of another guild is never seen. */
export function sees({ member, channelId }: Viewer, channel: GuildBasedChannel): boolean {
  if (channel.guildId !== member.guild.id) return false;
  // Discord does not tell the bot who the members of a private thread are. Only two kinds of people certainly see it:
  // those who may manage threads, and those who ask from inside the thread.
  if (channel.type === ChannelType.PrivateThread && channel.id !== channelId)
    return channel.permissionsFor(member).has([ViewChannel, ManageThreads]);
  return channel.permissionsFor(member).has(ViewChannel);
}

/** Whether the viewer sees the channel with this id; false when their guild has no such channel. */
export function seesId(viewer: Viewer, channelId: string): boolean {
  const channel = viewer.member.guild.channels.cache.get(channelId);
  return channel !== undefined && sees(viewer, channel);
}

/** Whether the viewer has the permissions to enter a voice channel. It does not matter whether the channel is full. */
export function mayEnter(viewer: Viewer, channel: VoiceBasedChannel): boolean {
  return sees(viewer, channel) && channel.permissionsFor(viewer.member).has(Connect);
}

/**
 * Whether the viewer can read the older messages of a channel. The chat of a voice channel is open only to people who
 * may enter that voice channel (Discord, "Text Channels in Voice Channels").
 */
export function readsHistory(viewer: Viewer, channel: GuildBasedChannel): boolean {
  const isOpen = channel.isVoiceBased() ? mayEnter(viewer, channel) : sees(viewer, channel);
  return isOpen && channel.permissionsFor(viewer.member).has(ReadMessageHistory);
}

/**
 * Whether the viewer can read the older messages of the channel with this id; false when their guild has none such.
 */
export function readsHistoryOfId(viewer: Viewer, channelId: string): boolean {
  const channel = viewer.member.guild.channels.cache.get(channelId);
  return channel !== undefined && readsHistory(viewer, channel);
}

/**
 * Whether somebody in the voice channel may not see the text channel. What is written there should then not be read
 * aloud in front of them. Bots in the voice channel do not count.
 */
export function isHiddenFromSome(guild: Guild, channel: GuildBasedChannel, voiceChannelId: string): boolean {
  if (channel.id === voiceChannelId) return false;
  // Discord does not tell the bot who the members of a private thread are, so it counts as hidden.
  if (channel.type === ChannelType.PrivateThread) return true;
  const base = channel.isThread() ? channel.parent : channel;
  for (const state of guild.voiceStates.cache.values()) {
    if (state.channelId !== voiceChannelId || state.id === guild.client.user.id || state.member?.user.bot)
      continue;
    // Nothing is known of a member who is not in memory, so they may see only what everybody in the guild may see.
    const who = state.member ?? guild.roles.everyone;
    if (!base?.permissionsFor(who)?.has(ViewChannel)) return true;
  }
  return false;
}

/** Whether the bot itself may not see a channel; Discord then does not send it the messages of that channel. */
export function isHiddenFromBot(guild: Guild, channelId: string): boolean {
  const { me } = guild.members;
  const channel = guild.channels.cache.get(channelId);
  return me !== null && channel?.permissionsFor(me)?.has(ViewChannel) !== true;
}
