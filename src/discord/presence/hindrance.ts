import { ChannelType, type Guild, PermissionFlagsBits } from 'discord.js';
import type { Hindrance } from '../../speech/floor.ts';

/**
 * Why people would not hear the bot in a voice channel, by what the gateway told of its voice state and of permissions;
 * null where they would. Until Discord shows it in that channel, it will be in the audience of a stage, as everybody
 * who comes there is at first, and heard anywhere else.
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
