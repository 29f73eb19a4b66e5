import type { Guild } from 'discord.js';
import type { ChannelSettings } from '../../settings/channel.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import { settingsAt } from '../channel-settings.ts';
import { isPrivate } from '../chat/gate.ts';
import { isHiddenFromBot, isHiddenFromSome, seesId, type Viewer } from '../seeing.ts';

// Finds out which channels are read when the bot comes into a voice channel, and which are not and why. It leaves out
// what the person who is told may not see. `steering/arrival-messages.ts` puts it into words.

/** The ids of channels of which people are told when the bot comes, without those that they do not see. */
export interface ReadChannels {
  /** The channels that are read from now on. */
  readonly read: readonly string[];
  /** The channels that are not read now, because somebody in the voice channel may not see them. */
  readonly hidden: readonly string[];
  /** The channels that cannot be read, because the bot itself may not see them. */
  readonly unseen: readonly string[];
}

/** Whose messages are read, where that is the same in all channels that are read; otherwise everybody's and null. */
export type ReadPeople = Pick<GuildSettings, 'whose' | 'role'>;

/** The bot has come into a voice channel, and reads what is written in some channels. */
export interface Arrival extends ReadChannels, ReadPeople {
  /** The id of the voice channel. */
  readonly voiceId: string;
  /** False when the database cannot be asked. Nothing is read then, until `/join` is used again. */
  readonly known: boolean;
}

/** Returns what becomes of the channels that are to be read while the bot is in a voice channel, and who is read there. */
export function readChannelsFor(
  guild: Guild,
  viewer: Viewer,
  { settings, voiceId }: { settings: GuildSettings; voiceId: string },
): ReadChannels & ReadPeople {
  const kindOf = ({ id, addedBy }: ChannelSettings) => {
    if (isHiddenFromBot(guild, id)) return 'unseen';
    const channel = guild.channels.cache.get(id);
    const hiddenFromSome = () => channel !== undefined && isHiddenFromSome(guild, channel, voiceId);
    return isPrivate({ channel: addedBy, hiddenFromSome }) ? 'hidden' : 'read';
  };
  const seen = settings.channels.filter(({ id }) => id === voiceId || seesId(viewer, id));
  // Those that `/join` has added come first: where there are many channels, not all are named.
  const told = seen.toSorted((a, b) => Number(b.addedBy === 'join') - Number(a.addedBy === 'join'));
  const kinds = Map.groupBy(told, kindOf);
  const of = (kind: ReturnType<typeof kindOf>) => (kinds.get(kind) ?? []).map(({ id }) => id);
  const read = of('read');
  return { read, hidden: of('hidden'), unseen: of('unseen'), ...readPeople(guild, settings, read) };
}

function readPeople(guild: Guild, settings: GuildSettings, channelIds: readonly string[]): ReadPeople {
  const [first, ...others] = channelIds.map(id => settingsAt(guild, settings, id));
  const isSame = (part: 'whose' | 'role') => others.every(one => one[part] === first?.[part]);
  return {
    whose: first && isSame('whose') ? first.whose : 'everyone',
    role: first && isSame('role') ? first.role : null,
  };
}
