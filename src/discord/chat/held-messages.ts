import type { Message } from 'discord.js';
import { olderFirst } from '../older-first.ts';

// While `catch-up.ts` asks Discord for the messages that were missed, those that Discord delivers by itself wait here.

/**
 * Holds messages that were delivered just before it was asked for those that were missed, so that all are read in the
 * order in which they were written.
 */
export class HeldMessages {
  readonly #held = new Map<string, Message<true>[]>();

  hold(message: Message<true>): void {
    this.#held.set(message.guildId, [...(this.#held.get(message.guildId) ?? []), message]);
  }

  /** Lets those of a guild go: returns them with the ones that were `found`, each once, the oldest first. */
  release(guildId: string, found: readonly Message<true>[]): readonly Message<true>[] {
    const held = this.#held.get(guildId) ?? [];
    this.#held.delete(guildId);
    const all = new Map([...held, ...found].map(message => [message.id, message])); // what was found is newer
    return [...all.values()].toSorted(olderFirst);
  }
}
