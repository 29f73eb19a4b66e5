import { ChannelType, type Guild, PermissionFlagsBits } from 'discord.js';
import type { Hindrance } from '../../speech/floor.ts';

/**
 * Returns why people would not hear the bot in a voice channel, or null when they would hear it. It goes by the bot's
 * voice state and its permissions, as the gateway last sent them. While Discord does not show the bot in that channel
 * yet, it is expected in the audience of a stage, where everybody is at first, and to be heard in any other channel.
 */
export function hindranceIn(guild: Guild, channelId: string): Hindrance | null {
  const { me } = guild.members;
  const state = guild.voiceStates.cache.get(guild.client.user.id);
  const channel = guild.channels.cache.get(channelId);
  if (state?.channelId !== channelId)
    return channel?.type === ChannelType.GuildStageVoice ? 'audience' : null;
  if (state.serverMute) return 'muted';
  if (channel?.type === ChannelType.GuildStageVoice) return state.suppress ? 'audience' : null;
  if (me && channel?.permissionsFor(me).has(PermissionFlagsBits.Speak) === false) return 'no-permission';
  return state.suppress ? 'suppressed' : null;
}
