import type { Message } from 'discord.js';
import type { MessagePlace } from '../../speech/reason-book.ts';
import { authorOf } from '../lines/message-parts.ts';
import { type Author, authorOfNow } from './author.ts';
import type { Original, Proxies } from './proxies.ts';

/** A message that has arrived, and what was known of it then. */
export interface Incoming {
  readonly message: Message<true>;
  /** Whose words they are. For a message by which a proxy bot says another one again, it is the author of that one. */
  readonly author: Author;
  /** Who is heard to speak. */
  readonly speaker: ReturnType<typeof authorOf>;
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
    original,
  };
}

/** Returns where a message is, and whose it is, for the reason book. */
export function placeOf({ message: { id, guildId, channelId }, author }: Incoming): MessagePlace {
  return { id, guildId, channelId, authorId: author.id };
}
