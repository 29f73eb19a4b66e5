import type { Guild, GuildMember, Message } from 'discord.js';

// Tells who wrote a chat message, and how they stood in the guild when it arrived: in which voice channel, whether
// muted, with which roles. They may change that before the message has its turn. `gate.ts` decides by these facts.

/** Who wrote a message, and how they stood in the guild at a certain moment. */
export interface Author {
  readonly id: string;
  /** Whether it is a bot or a webhook. */
  readonly byBot: boolean;
  /** The voice channel in which they are; null when they are in none. */
  readonly voiceChannelId: string | null;
  /** Whether they are in a voice channel and cannot be heard there, because they are muted. */
  readonly muted: boolean;
  readonly roleIds: { has(id: string): boolean };
}

/**
 * Returns the author of a message as they stand now. Call this when the message arrives: until its turn comes, they
 * may have left, or have got another role.
 */
export function authorOfNow({ guild, author, member, webhookId }: Message<true>): Author {
  const byBot = author.bot || webhookId !== null;
  return { id: author.id, byBot, ...inVoice(guild, author.id), roleIds: member?.roles.cache ?? new Set() };
}

/** Returns a member as they stand now, as the author of what they may write. */
export function memberNow({ guild, id, user, roles }: GuildMember): Author {
  return { id, byBot: user.bot, ...inVoice(guild, id), roleIds: roles.cache };
}

function inVoice(guild: Guild, userId: string): Pick<Author, 'voiceChannelId' | 'muted'> {
  const { channelId = null, mute, suppress } = guild.voiceStates.cache.get(userId) ?? {};
  // Discord also suppresses those who may not speak, such as the audience of a stage.
  return { voiceChannelId: channelId, muted: channelId !== null && (mute === true || suppress === true) };
}
