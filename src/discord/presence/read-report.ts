import type { Guild } from 'discord.js';
import type { GuildSettings } from '../../settings/guild.ts';
import { isHiddenFromBot, isHiddenFromSome } from '../chat/read-channels.ts';
import type { ReadChannels } from '../interaction/arrival-text.ts';
import { seesId, type Viewer } from '../seeing.ts';

/** Returns what becomes of the channels that are to be read while the bot is in a voice channel. */
export function readChannelsFor(
  guild: Guild,
  viewer: Viewer,
  { channels, voiceId }: { channels: GuildSettings['channels']; voiceId: string },
): ReadChannels {
  const kindOf = ({ id, addedBy }: { id: string; addedBy: string }) => {
    if (isHiddenFromBot(guild, id)) return 'unseen';
    const channel = guild.channels.cache.get(id);
    return addedBy === 'join' && channel && isHiddenFromSome(guild, channel, voiceId) ? 'hidden' : 'read';
  };
  const told = channels.filter(({ id }) => id === voiceId || seesId(viewer, id));
  const of = (kind: string) => told.filter(channel => kindOf(channel) === kind).map(({ id }) => id);
  return { read: of('read'), hidden: of('hidden'), unseen: of('unseen') };
}
