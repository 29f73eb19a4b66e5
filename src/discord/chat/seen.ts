// Remembers which chat messages have arrived, so that none is read aloud twice: Discord's gateway delivers a message at
// least once, but sometimes twice. `gateway/events.ts` does the same for commands and buttons.

/** When a gateway session is resumed, Discord may deliver again what it delivered within this time. */
const REPEATED_WITHIN_MS = 10 * 60_000;
/** The most ids that are kept for one guild, so that a busy guild pushes out only its own. */
const MAX_OF_GUILD = 2_000;

/**
 * Remembers the ids of recent messages. The library (discord.js) would notice a second delivery only for messages that
 * it keeps in memory, which here are none.
 */
export class SeenMessages {
  /** When each message arrived first, by guild id and message id. In both maps the youngest entry is the last. */
  readonly #guilds = new Map<string, Map<string, number>>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many ids are kept at present, in all guilds together. */
  get size(): number {
    return [...this.#guilds.values()].reduce((sum, ids) => sum + ids.size, 0);
  }

  /** Whether a message arrives for the first time. The message is remembered, so the next call returns false. */
  isFirst(guildId: string, messageId: string): boolean {
    const ids = this.#guilds.get(guildId) ?? new Map<string, number>();
    if (ids.has(messageId)) return false;
    this.#guilds.delete(guildId); // Setting it again makes the guild the youngest entry.
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
