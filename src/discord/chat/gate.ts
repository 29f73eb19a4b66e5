import type { GuildSettings } from '../../settings/guild.ts';
import type { Refusal } from '../../speech/reasons.ts';

// The rules by which a chat message is read aloud or refused, in the order in which they apply. A new rule is added
// here. The facts about the message are given: `gatekeeper.ts` gathers them from Discord and from the settings.

/**
 * Why a channel is read: because somebody used `/join`, or because an administrator added it. A thread is read for the
 * same reason as the channel that it belongs to; `thread-off` is a thread of a read channel whose threads are not read.
 * Null: it is not read.
 */
export type ChannelReading = 'join' | 'admin' | 'thread-off' | null;

/** Everything on which it depends whether a message is read. */
export interface MessageFacts {
  /** Whether it says something in somebody's name; false for what Discord itself wrote. */
  readonly ordinary: boolean;
  /** Whether a bot or a webhook wrote it. */
  readonly byBot: boolean;
  /** Whether it was sent with `@silent`. */
  readonly silent: boolean;
  readonly content: string;
  /** Whether it has something besides its text: a file, a poll, a sticker, or a forwarded message. */
  readonly hasMore: boolean;
  /** Tells whether one of the guild's blocked words is in it. A function, as the answer takes work. */
  readonly holdsBlockedWord: () => boolean;
  /** Whether Discord lets the bot see what people write. */
  readonly contentVisible: boolean;
  /** Whether the bot is in a voice channel of this guild. */
  readonly here: boolean;
  readonly channel: ChannelReading;
  /**
   * Tells whether somebody in the bot's voice channel may not see the text channel. A function, as the answer takes
   * work.
   */
  readonly hiddenFromSome: () => boolean;
  /** Whether the author is in the bot's voice channel. */
  readonly inVoice: boolean;
  /** Whether the author is in a voice channel of the guild and cannot be heard there, because they are muted. */
  readonly muted: boolean;
  readonly optedOut: boolean;
  /** Whether the author has asked to be read. */
  readonly optedIn: boolean;
  /** Whether the guild's moderators do not want the author read. */
  readonly ignored: boolean;
  readonly roleIds: { has(id: string): boolean };
  readonly settings: Pick<
    GuildSettings,
    'bots' | 'skipPrefix' | 'whose' | 'role' | 'notRole' | 'requireVoice'
  >;
}

/** Returns the first reason that applies for not reading a message, or null when the message is read. */
export function gate(message: MessageFacts): Refusal | null {
  const { settings, byBot } = message;
  if (!message.channel) return { reason: 'channel' };
  if (message.channel === 'thread-off') return { reason: 'thread' };
  if (!message.here) return { reason: 'not-here' };
  if (!message.ordinary) return { reason: 'system' };
  if (byBot && !settings.bots) return { reason: 'bot' };
  if (message.optedOut) return { reason: 'opted-out' };
  if (message.ignored) return { reason: 'ignored' };
  if (message.silent) return { reason: 'silent' };
  const prefix = prefixOf(message.content, settings.skipPrefix);
  if (prefix !== undefined) return { reason: 'prefix', detail: prefix };
  const { notRole } = settings;
  if (notRole && message.roleIds.has(notRole)) return { reason: 'excluded-role', detail: notRole };
  // A guild has chosen bots by the setting `bots`; and webhooks have no roles and are never in a voice channel.
  const refusal = byBot ? null : personGate(message);
  if (refusal) return refusal;
  if (isPrivate(message)) return { reason: 'private-channel' };
  if (message.holdsBlockedWord()) return { reason: 'blocked-word' };
  if (message.content === '' && !message.hasMore)
    return { reason: message.contentVisible ? 'nothing' : 'no-content' };
  return null;
}

/**
 * Whether what was written in a channel is not to be heard, because somebody who would hear it may not see that
 * channel, and no administrator has added it.
 */
export function isPrivate({
  channel,
  hiddenFromSome,
}: Pick<MessageFacts, 'channel' | 'hiddenFromSome'>): boolean {
  return channel !== 'admin' && hiddenFromSome();
}

/** Returns why this person is not read here; null when they are. */
function personGate({ settings, roleIds, inVoice, muted, optedIn }: MessageFacts): Refusal | null {
  const { role, whose, requireVoice } = settings;
  if (role && !roleIds.has(role)) return { reason: 'role', detail: role };
  if (whose === 'optin' && !optedIn) return { reason: 'not-opted-in' };
  if (requireVoice && !inVoice) return { reason: 'not-in-voice' };
  if (whose === 'muted' && !muted) return { reason: 'not-muted' };
  return null;
}

/**
 * Returns the prefix with which a message begins; undefined when it begins with none. `skipPrefix` holds all prefixes,
 * with spaces between them.
 */
function prefixOf(content: string, skipPrefix: string): string | undefined {
  return skipPrefix.split(/\s+/).find(prefix => prefix !== '' && content.startsWith(prefix));
}
