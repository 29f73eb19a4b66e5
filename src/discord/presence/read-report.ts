import type { Guild } from 'discord.js';
import type { ChannelSettings } from '../../settings/channel.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import { settingsAt } from '../channel-settings.ts';
import { isPrivate } from '../chat/gate.ts';
import { isHiddenFromBot, isHiddenFromSome, seesId, type Viewer } from '../seeing.ts';

// Finds out which channels are read when the bot comes into a voice channel, and which are not and why. It leaves out
// what the person who is told may not see. `steering/arrival-messages.ts` puts it into words.

/** Whose messages are read, where that is the same in all channels that are read; otherwise everybody's and null. */
type ReadPeople = Pick<GuildSettings, 'whose' | 'role'>;

/**
 * The bot has come into a voice channel, and reads what is written in some channels. Of these it has the ids, without
 * those of channels that the person who is told does not see.
 */
export interface Arrival extends ReadPeople {
  /** The id of the voice channel. */
  readonly voiceId: string;
  /** False when the database cannot be asked. Nothing is read then, until `/join` is used again. */
  readonly known: boolean;
  /** The channels that are read from now on. */
  readonly read: readonly string[];
  /** The channels that are not read now, because somebody in the voice channel may not see them. */
  readonly hidden: readonly string[];
  /** The channels that cannot be read, because the bot itself may not see them. */
  readonly unseen: readonly string[];
}

/**
 * Returns what the viewer is told when the bot has come into a voice channel in a guild with these settings: what
 * becomes of the channels that are to be read, and who is read there.
 */
export function arrivalOf(
  viewer: Viewer,
  { voiceId, known, settings }: { voiceId: string; known: boolean; settings: GuildSettings },
): Arrival {
  const { guild } = viewer.member;
  const kindOf = ({ id, addedBy }: ChannelSettings) => {
    if (isHiddenFromBot(guild, id)) return 'unseen';
    const channel = guild.channels.cache.get(id);
    const hiddenFromSome = () => channel !== undefined && isHiddenFromSome(guild, channel, voiceId);
    return isPrivate({ channel: addedBy, hiddenFromSome }) ? 'hidden' : 'read';
  };
  const channels = known ? settings.channels : [];
  const seen = channels.filter(({ id }) => id === voiceId || seesId(viewer, id));
  // Those that `/join` has added come first: where there are many channels, not all are named.
  const told = seen.toSorted((a, b) => Number(b.addedBy === 'join') - Number(a.addedBy === 'join'));
  const kinds = Map.groupBy(told, kindOf);
  const of = (kind: ReturnType<typeof kindOf>) => (kinds.get(kind) ?? []).map(({ id }) => id);
  const read = of('read');
  return {
    voiceId,
    known,
    read,
    hidden: of('hidden'),
    unseen: of('unseen'),
    ...readPeople(guild, settings, read),
  };
}

function readPeople(guild: Guild, settings: GuildSettings, channelIds: readonly string[]): ReadPeople {
  const [first, ...others] = channelIds.map(id => settingsAt(guild, settings, id));
  const isSame = (part: 'whose' | 'role') => others.every(one => one[part] === first?.[part]);
  return {
    whose: first && isSame('whose') ? first.whose : 'everyone',
    role: first && isSame('role') ? first.role : null,
  };
}
