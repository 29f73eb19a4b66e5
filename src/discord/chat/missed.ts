import type { Message } from 'discord.js';
import { LRUCache } from 'lru-cache';

/** Two events of one guild can arrive in the wrong order, but then they are less than this apart. */
const KEPT_MS = 1_000;
const MAX_MESSAGES = 1_000;

/**
 * Keeps the messages of the last second that were not read because nobody had used `/join` yet. Discord's gateway may
 * deliver a message before a `/join` that was used earlier. Their ids are in the right order, so the message can
 * still be read when the `/join` arrives.
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
    return found.toSorted((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
  }
}
