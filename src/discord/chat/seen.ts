/** Discord's gateway repeats what it told within this, when a session is resumed. */
const REPEATED_WITHIN_MS = 10 * 60_000;
const MAX_OF_GUILD = 2_000;

/**
 * The ids of the messages that the gateway told of lately. It tells at least once, not only once, and the library
 * notices a repetition only of messages that it keeps, which here are none. A busy server takes nothing from others.
 */
export class SeenMessages {
  /** When each was first told of, by server and message; both with the youngest last. */
  readonly #guilds = new Map<string, Map<string, number>>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many ids are kept. */
  get size(): number {
    return [...this.#guilds.values()].reduce((sum, ids) => sum + ids.size, 0);
  }

  /** Whether this is the first that is told of a message; from then on it is not. */
  isFirst(guildId: string, messageId: string): boolean {
    const ids = this.#guilds.get(guildId) ?? new Map<string, number>();
    if (ids.has(messageId)) return false;
    this.#guilds.delete(guildId); // so that it becomes the youngest
    this.#guilds.set(guildId, ids.set(messageId, this.#now()));
    this.#forgetOld(ids);
    return true;
  }

  #forgetOld(own: Map<string, number>): void {
    const since = this.#now() - REPEATED_WITHIN_MS;
    for (const [id, at] of own) {
      if (at > since && own.size <= MAX_OF_GUILD) break;
      own.delete(id);
    }
    for (const [guildId, ids] of this.#guilds) {
      for (const [id, at] of ids) {
        if (at > since) return;
        ids.delete(id);
      }
      this.#guilds.delete(guildId);
    }
  }
}
