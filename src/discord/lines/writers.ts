import { type Message, MessageReferenceType } from 'discord.js';
import type { ReasonBook } from '../../speech/reason-book.ts';

// Finds out whose words a message holds besides its sender's, so that nobody who has opted out is said by way of others:
// through a proxy bot's webhook, or by a forward.

type Book = Pick<ReasonBook, 'find'>;

/**
 * Returns the id of whoever wrote what a message forwards. Discord does not tell it, so it is known only of messages of the
 * same guild that arrived within the last hour while the bot was in a voice channel there; undefined for all others.
 */
export function forwardedWriter({ guildId, reference }: Message<true>, book: Book): string | undefined {
  if (reference?.type !== MessageReferenceType.Forward || reference.guildId !== guildId) return undefined;
  return writerOf(guildId, reference.messageId, book);
}

/**
 * Returns the ids of all whose words a message holds, as far as is known: its sender, whoever wrote what a proxy bot says
 * again in it, and whoever wrote what it forwards.
 */
export function writersOf(message: Message<true>, book: Book): readonly string[] {
  const { id, guildId, author } = message;
  const others = [writerOf(guildId, id, book), forwardedWriter(message, book)];
  return [...new Set([author.id, ...others.filter(one => one !== undefined)])];
}

function writerOf(guildId: string, messageId: string | undefined, book: Book): string | undefined {
  return messageId === undefined ? undefined : (book.find(guildId, messageId)?.authorId ?? undefined);
}
