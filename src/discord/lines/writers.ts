import { type Message, MessageReferenceType, PermissionFlagsBits } from 'discord.js';
import type { ReasonBook } from '../../speech/reason-book.ts';
import type { GuildRecord } from '../../store/store.ts';
import { unlessAborted } from '../../unless-aborted.ts';

// Finds out whose words a message holds besides its sender's, so that nobody who has opted out is said by way of
// others: through a proxy bot's webhook, or by a forward.

/**
 * The bots that say people's messages again under other names, through a webhook, and delete the first ones: PluralKit
 * and Tupperbox. A bot's user id is also the id of its application.
 */
export const PROXY_BOTS: ReadonlySet<string> = new Set(['466378653216014359', '431544605209788416']);
/** How long Discord gets to tell who wrote a message, in milliseconds. What is written in the guild meanwhile waits. */
const ANSWER_MS = 2_000;

const { ViewChannel, ReadMessageHistory } = PermissionFlagsBits;

type Book = Pick<ReasonBook, 'find'>;
/** What the store knows of those who are not to be read. */
type Unread = Pick<GuildRecord, 'ignored' | 'known' | 'optOuts'>;

/** Whether a proxy bot has written a message, as far as Discord tells. */
export function isOfProxyBot({ webhookId, applicationId }: Message): boolean {
  return webhookId !== null && applicationId !== null && PROXY_BOTS.has(applicationId);
}

/** Whether a message of a guild forwards another one of that guild. */
export function forwardsWithin(guildId: string, { reference }: Pick<Message, 'reference'>): boolean {
  return reference?.type === MessageReferenceType.Forward && reference.guildId === guildId;
}

/**
 * Resolves with the id of whoever wrote what a message forwards: undefined if it forwards nothing of this guild, or if
 * everybody here is read; null if it cannot be found out. The book knows it of messages that arrived within the last
 * hour while the bot was in a voice channel there; of others Discord is asked. Never rejects.
 */
export async function forwardedWriter(
  message: Message<true>,
  book: Book,
  unread: Unread,
): Promise<string | null | undefined> {
  const { guild, guildId, reference } = message;
  if (!reference || !forwardsWithin(guildId, message)) return undefined;
  const { channelId, messageId } = reference;
  const known = writerOf(guildId, messageId, book);
  if (known !== undefined || isEverybodyRead(unread)) return known;
  const channel = guild.channels.cache.get(channelId);
  const { me } = guild.members;
  if (messageId === undefined || !channel?.isTextBased() || !me) return null;
  if (!channel.permissionsFor(me).has([ViewChannel, ReadMessageHistory])) return null;
  const asked = channel.messages.fetch({ message: messageId, cache: false });
  // It may be deleted, or Discord may be slow.
  const original = await unlessAborted(asked, AbortSignal.timeout(ANSWER_MS)).catch(() => null);
  return original === null || isOfProxyBot(original) ? null : original.author.id;
}

/**
 * Resolves with the ids of all whose words a message holds: its sender, whoever wrote what a proxy bot says again in
 * it, and whoever wrote what it forwards. It is null if that cannot be found out and one of them may not want to be
 * read. Never rejects.
 */
export async function writersOf(
  message: Message<true>,
  book: Book,
  unread: Unread,
): Promise<readonly string[] | null> {
  const { id, guildId, author } = message;
  const proxied = writerOf(guildId, id, book);
  const forwarded = await forwardedWriter(message, book, unread);
  const isProxyUnknown = proxied === undefined && isOfProxyBot(message) && !isEverybodyRead(unread);
  if (forwarded === null || isProxyUnknown) return null;
  return [...new Set([author.id, ...[proxied, forwarded].filter(one => one !== undefined)])];
}

/**
 * Whether a message, in a guild of which the bot is not a member, may hold words of somebody who is not to be read
 * there. Discord cannot be asked there whose words are forwarded, or said again by a proxy bot.
 */
export function mayHoldUnread(message: Message, guildId: string, unread: Unread): boolean {
  return (forwardsWithin(guildId, message) || isOfProxyBot(message)) && !isEverybodyRead(unread);
}

/** Whether it is known that nobody in the guild has opted out or is ignored. */
function isEverybodyRead({ known, optOuts, ignored }: Unread): boolean {
  return known && optOuts.size + ignored.size === 0;
}

function writerOf(guildId: string, messageId: string | undefined, book: Book): string | undefined {
  return messageId === undefined ? undefined : (book.find(guildId, messageId)?.authorId ?? undefined);
}
