import {
  ChannelType,
  type Client,
  type Guild,
  PermissionFlagsBits,
  type VoiceBasedChannel,
} from 'discord.js';
import { UserError } from '../../errors.ts';

// Answers two questions about a voice channel: who is there besides the bot, and whether the bot can join. The
// permissions that it needs there are listed here. Whether people then hear the bot, `hindrance.ts` tells.

/**
 * The permissions that the bot needs in a voice channel, each with the catalogue key of its name in Discord's
 * settings.
 */
const NEEDED = [
  ['permission.view', PermissionFlagsBits.ViewChannel],
  ['permission.connect', PermissionFlagsBits.Connect],
  ['permission.speak', PermissionFlagsBits.Speak],
] as const;
/**
 * The permissions that the bot needs on a stage. "Speak" is not among them, because a stage's moderators decide who
 * speaks.
 */
const NEEDED_ON_STAGE = NEEDED.filter(([name]) => name !== 'permission.speak');

/**
 * Counts who is in a voice channel besides the bot: `others` counts everybody, and `humans` leaves bots out. It
 * counts the gateway's voice states, because the cache of members may be incomplete. Somebody whose account is not in
 * memory is taken for a human.
 */
export function companyIn(
  client: Client,
  guild: Guild,
  channelId: string,
): { humans: number; others: number } {
  let humans = 0;
  let others = 0;
  for (const state of guild.voiceStates.cache.values()) {
    if (state.channelId !== channelId || state.id === client.user?.id) continue;
    others += 1;
    if (!(state.member?.user ?? client.users.cache.get(state.id))?.bot) humans += 1;
  }
  return { humans, others };
}

/**
 * Throws a UserError when the bot cannot join `channel`: `lacks-permission`, with the names of the missing
 * permissions, or `channel-full`.
 */
export function checkMayJoin(channel: VoiceBasedChannel): void {
  const { guild } = channel;
  const me = guild.members.me;
  const permissions = me && channel.permissionsFor(me);
  const needed = channel.type === ChannelType.GuildStageVoice ? NEEDED_ON_STAGE : NEEDED;
  const missing = needed.filter(([, permission]) => !permissions?.has(permission)).map(([name]) => name);
  if (missing.length > 0)
    throw new UserError('lacks-permission', {
      channel: `<#${channel.id}>`,
      permissions: missing,
    });
  const inside = guild.voiceStates.cache.filter(
    state => state.channelId === channel.id && state.id !== me?.id,
  );
  const full = channel.userLimit > 0 && inside.size >= channel.userLimit;
  if (full && !permissions?.has(PermissionFlagsBits.MoveMembers))
    throw new UserError('channel-full', {
      channel: `<#${channel.id}>`,
      inside: inside.size,
      limit: channel.userLimit,
    });
}
