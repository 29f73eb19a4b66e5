import type { Message } from 'discord.js';
import { LRUCache } from 'lru-cache';
import { olderFirst } from '../older-first.ts';

// Discord's gateway may deliver a chat message before a `/join` that was used earlier. The messages of the last second
// are kept here, so that `reader.ts` can still read them when the `/join` arrives.

/** Two events of one guild can arrive in the wrong order, but only if less than this time is between them. */
const KEPT_MS = 1_000;
const MAX_MESSAGES = 1_000;

/**
 * Keeps the messages of the last second that were not read because nobody had used `/join` yet. The ids of messages and
 * of commands grow with time, so they tell which was first.
 */
export class MissedMessages {
  readonly #messages = new LRUCache<string, Message<true>>({
    max: MAX_MESSAGES,
    ttl: KEPT_MS,
    ttlAutopurge: true, // What people wrote is removed from memory after a second, not only when it is looked for.
  });

  note(message: Message<true>): void {
    this.#messages.set(message.id, message);
  }

  forget(messageId: string): void {
    this.#messages.delete(messageId);
  }

  /**
   * Removes and returns the messages that were written in one of the given channels after the interaction with the
   * given id, the oldest first.
   */
  takeAfter(interactionId: string, channels: readonly string[]): readonly Message<true>[] {
    const since = BigInt(interactionId);
    const found = [...this.#messages.values()].filter(
      ({ id, channelId }) => channels.includes(channelId) && BigInt(id) > since,
    );
    for (const { id } of found) this.#messages.delete(id);
    return found.toSorted(olderFirst);
  }
}
