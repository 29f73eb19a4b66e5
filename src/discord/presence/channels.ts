import {
  ChannelType,
  type Client,
  type Guild,
  PermissionFlagsBits,
  type VoiceBasedChannel,
} from 'discord.js';
import { UserError } from '../../errors.ts';

/** What the bot needs in a voice channel, by the name that people see in Discord's settings. */
const NEEDED = [
  ['permission.view', PermissionFlagsBits.ViewChannel],
  ['permission.connect', PermissionFlagsBits.Connect],
  ['permission.speak', PermissionFlagsBits.Speak],
] as const;
/** On a stage nobody needs the permission to speak: who speaks there is for its moderators to say. */
const NEEDED_ON_STAGE = NEEDED.filter(([name]) => name !== 'permission.speak');

/**
 * Who is in a voice channel besides the bot, by the gateway's voice states (the member cache may lack them).
 * Somebody whose account is not known is taken for a person.
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

/** Throws a UserError that names what is missing when the bot cannot join and speak in `channel`, or listen there until it is let speak. */
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
