import type { Message } from 'discord.js';
import { LRUCache } from 'lru-cache';

/** Events of one server overtake each other by less than this. */
const KEPT_MS = 1_000;
const MAX_MESSAGES = 1_000;

/**
 * Messages of the last second that were not read because nobody had used `/join` yet. Discord's gateway may tell of a
 * message before it tells of the `/join` that was used before it was written; their ids are in the right order.
 */
export class Missed {
  readonly #messages = new LRUCache<string, Message<true>>({
    max: MAX_MESSAGES,
    ttl: KEPT_MS,
    ttlAutopurge: true, // what people wrote is not kept
  });

  note(message: Message<true>): void {
    this.#messages.set(message.id, message);
  }

  forget(messageId: string): void {
    this.#messages.delete(messageId);
  }

  /** Takes those that were written in one of these channels after the interaction with that id, in order. */
  takeAfter(interactionId: string, channels: readonly string[]): readonly Message<true>[] {
    const since = BigInt(interactionId);
    const found = [...this.#messages.values()].filter(
      ({ id, channelId }) => channels.includes(channelId) && BigInt(id) > since,
    );
    for (const { id } of found) this.#messages.delete(id);
    return found.toSorted((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
  }
}
