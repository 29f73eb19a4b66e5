import type { Guild } from 'discord.js';
import { type GuildSettings, settingsIn } from '../settings/guild.ts';

// Finds the settings that hold in a channel. A thread that has none of its own has those of the channel that it belongs
// to.

/**
 * Returns the id of the channel whose own settings hold in a channel: of a thread that has none of its own, the
 * channel that it belongs to; otherwise the channel itself.
 */
export function settingsPlace(guild: Guild, settings: GuildSettings, channelId: string): string {
  if (settings.channels.some(({ id }) => id === channelId)) return channelId;
  const channel = guild.channels.cache.get(channelId);
  return (channel?.isThread() && channel.parentId) || channelId;
}

/** Returns the settings that hold in a channel or a thread. */
export function settingsAt(guild: Guild, settings: GuildSettings, channelId: string): GuildSettings {
  return settingsIn(settings, settingsPlace(guild, settings, channelId));
}
