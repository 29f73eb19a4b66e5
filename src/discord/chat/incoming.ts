import type { Message } from 'discord.js';
import type { MessagePlace } from '../../speech/reason-book.ts';
import type { GuildRecord } from '../../store/store.ts';
import type { Written } from '../../text/written.ts';
import { authorOf, writtenOf } from '../lines/message-parts.ts';
import { type Author, authorOfNow } from './author.ts';
import type { Original, Proxies } from './proxies.ts';

// Gathers, when a chat message arrives, what must be known of it when its turn comes: whose words it has, and who is
// heard to speak. These differ where a bot such as PluralKit says a person's message again, as
// `proxies.ts` finds out.

/** A message that has arrived, and what was known of it then. */
export interface Incoming {
  readonly message: Message<true>;
  /** Whose words they are. For a message by which a proxy bot says another one again, it is the author of that one. */
  readonly author: Author;
  /** Who is heard to speak. */
  readonly speaker: ReturnType<typeof authorOf>;
  readonly written: Written;
  /** See `Line`. It is known when the turn of the message has come. */
  readonly writers?: readonly string[];
  /** See `Line.notBefore`. */
  readonly notBefore?: number;
  /** The message that this one says again; undefined if it says none again. */
  readonly original: Original | undefined;
}

/** Returns a message that arrives now with all that has to be known of it before its turn comes. */
export function incoming(message: Message<true>, proxies: Proxies): Incoming {
  const { notBefore, original } = proxies.onMessage(message);
  const speaker = authorOf(message);
  return {
    message,
    author: original?.author ?? authorOfNow(message),
    // The words are its author's, in the author's voice, and the name is the one that the proxy bot has given them.
    speaker: original
      ? {
          ...speaker,
          id: original.author.id,
          speakerId: `${original.author.id} ${speaker.displayName}`,
          byBot: false,
        }
      : speaker,
    ...(notBefore !== undefined && { notBefore }),
    // With a reply, PluralKit sends a card that quotes what it answers.
    written: original ? { ...writtenOf(message), embeds: [] } : writtenOf(message),
    original,
  };
}

/** Returns where a message is, and whose it is, for the reason book. By default it is its sender's. */
export function placeOf(
  { id, guildId, channelId, author: sender }: Message<true>,
  author: Pick<Author, 'id'> = sender,
): MessagePlace {
  return { id, guildId, channelId, authorId: author.id };
}

/**
 * Notes who wrote what a message forwards, if that is known. It is left out if they have opted out or are ignored, and
 * also if nobody knows who they are, since they may be one of these.
 */
export function withWriter(
  arrived: Incoming,
  { optOuts, ignored }: GuildRecord,
  writerId: string | null | undefined,
): Incoming {
  if (writerId === undefined || !arrived.written.forwarded) return arrived;
  const isRead = writerId !== null && !optOuts.has(writerId) && !ignored.has(writerId);
  if (isRead) return { ...arrived, writers: [writerId] };
  const { forwarded: _unread, ...written } = arrived.written;
  return { ...arrived, written };
}
