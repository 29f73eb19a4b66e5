import type { GuildSettings } from '../../settings.ts';
import type { Reason } from '../../speech/reasons.ts';

/**
 * Everything on which it depends whether a message is read. The gatekeeper gathers these facts from Discord and from
 * the settings.
 */
export interface MessageFacts {
  /** Whether somebody wrote it as a plain message or a reply; false for what Discord or a command wrote. */
  readonly ordinary: boolean;
  /** Whether a bot or a webhook wrote it. */
  readonly byBot: boolean;
  /** Whether it was sent with `@silent`. */
  readonly silent: boolean;
  readonly content: string;
  /** Whether it has something besides its text: a file, a poll, a sticker, or a forwarded message. */
  readonly hasMore: boolean;
  /** Whether Discord lets the bot see what people write. */
  readonly contentVisible: boolean;
  /** Whether the bot is in a voice channel of this guild. */
  readonly here: boolean;
  /**
   * Why the channel is read: because somebody used `/join`, or because an administrator added it. Null: it is not
   * read.
   */
  readonly channel: 'join' | 'admin' | null;
  /**
   * Tells whether somebody in the bot's voice channel may not see the text channel. A function, as the answer takes
   * work.
   */
  readonly hiddenFromSome: () => boolean;
  /** Whether the author is in the bot's voice channel. */
  readonly inVoice: boolean;
  readonly optedOut: boolean;
  readonly roleIds: { has(id: string): boolean };
  readonly settings: Pick<GuildSettings, 'bots' | 'skipPrefix' | 'role' | 'requireVoice'>;
}

/**
 * Returns the prefix with which a message begins; null when it begins with none. `skipPrefix` holds all prefixes, with
 * spaces between them.
 */
function prefixOf(content: string, skipPrefix: string): string | null {
  return skipPrefix.split(/\s+/).find(prefix => prefix !== '' && content.startsWith(prefix)) ?? null;
}

/** Returns the first reason that applies for not reading a message, or null when the message is read. */
export function gate(message: MessageFacts): Reason | null {
  const { settings, byBot } = message;
  if (!message.channel) return 'channel';
  if (!message.here) return 'not-here';
  if (!message.ordinary) return 'system';
  if (byBot && !settings.bots) return 'bot';
  if (message.optedOut) return 'opted-out';
  if (message.silent) return 'silent';
  if (prefixOf(message.content, settings.skipPrefix) !== null) return 'prefix';
  if (!byBot && settings.role && !message.roleIds.has(settings.role)) return 'role';
  // Webhooks are never in a voice channel, but a guild that has bots read wants to hear them too.
  if (!byBot && settings.requireVoice && !message.inVoice) return 'not-in-voice';
  if (message.channel === 'join' && message.hiddenFromSome()) return 'private-channel';
  if (message.content === '' && !message.hasMore) return message.contentVisible ? 'nothing' : 'no-content';
  return null;
}
