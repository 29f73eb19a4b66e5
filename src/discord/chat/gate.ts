import type { GuildSettings } from '../../settings.ts';
import type { Reason } from '../../speech/reasons.ts';

/** What decides whether a message is read, gathered from Discord. */
export interface MessageFacts {
  /** A plain message or a reply, not one that Discord or a command wrote. */
  readonly ordinary: boolean;
  /** Written by a bot or a webhook. */
  readonly byBot: boolean;
  /** Sent with `@silent`. */
  readonly silent: boolean;
  readonly content: string;
  /** There is something besides the content: a file, a poll, a sticker, a forward. */
  readonly hasMore: boolean;
  /** Discord lets the bot see what people write. */
  readonly contentVisible: boolean;
  /** The bot is in a voice channel of this server. */
  readonly here: boolean;
  /** The channel is read: not at all, since `/join`, or because an administrator said so. */
  readonly channel: 'join' | 'admin' | null;
  /** Somebody in the bot's voice channel may not see the text channel. Asked only when it matters. */
  readonly hiddenFromSome: () => boolean;
  /** The author is in the bot's voice channel. */
  readonly inVoice: boolean;
  readonly optedOut: boolean;
  readonly roleIds: { has(id: string): boolean };
  readonly settings: Pick<GuildSettings, 'bots' | 'skipPrefix' | 'role' | 'requireVoice'>;
}

/** Why a message is not read, or null: the first of the gates that is shut. */
export function gate(message: MessageFacts): Reason | null {
  const { settings, byBot } = message;
  if (!message.channel) return 'channel';
  if (!message.here) return 'not-here';
  if (!message.ordinary) return 'system';
  if (byBot && !settings.bots) return 'bot';
  if (message.optedOut) return 'opted-out';
  if (message.silent) return 'silent';
  if (settings.skipPrefix !== '' && message.content.startsWith(settings.skipPrefix)) return 'prefix';
  if (!byBot && settings.role && !message.roleIds.has(settings.role)) return 'role';
  // Webhooks are in no voice channel, and a server that lets bots in wants to hear them all the same.
  if (!byBot && settings.requireVoice && !message.inVoice) return 'not-in-voice';
  if (message.channel === 'join' && message.hiddenFromSome()) return 'private-channel';
  if (message.content === '' && !message.hasMore) return message.contentVisible ? 'nothing' : 'no-content';
  return null;
}
