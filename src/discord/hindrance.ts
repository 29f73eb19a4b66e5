import { ChannelType, type Guild, PermissionFlagsBits } from 'discord.js';
import type { Hindrance } from '../speech/floor.ts';

/**
 * Why people would not hear the bot in a voice channel that it is in, by what the gateway told of its voice state and of
 * permissions; null where they would, and where Discord does not show it in that channel (yet).
 */
export function hindranceIn(guild: Guild, channelId: string): Hindrance | null {
  const { me } = guild.members;
  const state = guild.voiceStates.cache.get(guild.client.user.id);
  if (state?.channelId !== channelId) return null;
  if (state.serverMute) return 'muted';
  const channel = guild.channels.cache.get(channelId);
  if (channel?.type === ChannelType.GuildStageVoice) return state.suppress ? 'audience' : null;
  if (me && channel?.permissionsFor(me).has(PermissionFlagsBits.Speak) === false) return 'no-permission';
  return state.suppress ? 'suppressed' : null;
}
