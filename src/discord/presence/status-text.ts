import {
  type GuildBasedChannel,
  OverwriteType,
  PermissionFlagsBits,
  type VoiceBasedChannel,
} from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import { shortened } from '../../shortened.ts';
import { isHiddenFromBot, isHiddenFromSome } from '../seeing.ts';

// Writes the text that the bot shows as the status of its voice channel, below the channel's name. When it is shown,
// and when the former status comes back, `status-plan.ts` decides.

/** The most characters of a status (Discord, "Set Voice Channel Status"). */
const MAX_LENGTH = 500;
/** The most channels that a status names. */
const MAX_NAMES = 3;

/**
 * Returns the status of a voice channel in which the bot reads. Everybody who sees the voice channel sees its status,
 * so it names only text channels that they all may see.
 */
export function statusText(
  voiceChannel: VoiceBasedChannel,
  { channels }: Pick<GuildSettings, 'channels'>,
  t: Translate,
): string {
  const { guild } = voiceChannel;
  const named = channels
    .filter(({ id }) => id !== voiceChannel.id && !isHiddenFromBot(guild, id))
    .map(({ id }) => guild.channels.cache.get(id))
    .filter(channel => channel !== undefined)
    .filter(channel => !isHiddenFromSome(guild, channel, voiceChannel.id) && isOpenTo(voiceChannel, channel));
  const names = named.slice(0, MAX_NAMES).map(({ name }) => `#${name}`);
  if (named.length > names.length) names.push('…');
  const text = names.length > 0 ? t('status.reads', { channels: names.join(' ') }) : t('status.reads-chat');
  return shortened(text, MAX_LENGTH);
}

/** Whether everybody who may see one channel may see another one too, as far as their permissions tell. */
function isOpenTo(one: VoiceBasedChannel, other: GuildBasedChannel): boolean {
  const { ViewChannel } = PermissionFlagsBits;
  const base = other.isThread() ? other.parent : other;
  if (!base || other.isThread()) return false; // a thread has members of its own
  const isForRoles = one.guild.roles.cache.every(
    role => !one.permissionsFor(role).has(ViewChannel) || base.permissionsFor(role).has(ViewChannel),
  );
  const ofMembers = (channel: VoiceBasedChannel | typeof base) =>
    channel.permissionOverwrites.cache.filter(({ type }) => type === OverwriteType.Member);
  const isForMembers =
    ofMembers(one).every(
      ({ id, allow }) =>
        !allow.has(ViewChannel) || (ofMembers(base).get(id)?.allow.has(ViewChannel) ?? false),
    ) && ofMembers(base).every(({ deny }) => !deny.has(ViewChannel));
  return isForRoles && isForMembers;
}
