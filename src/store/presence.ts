import type { Logger } from '../log.ts';
import type { Connection } from './connection.ts';
import { markLeft, markPresent, purgeSome, readLeft } from './guilds.ts';
import type { Turns } from './turns.ts';
import { pruneWishes, WISHES_KEPT_MS } from './wishes.ts';

/** A server that the bot has left is kept for so long, in case it was a mistake. */
const KEEP_MS = 30 * 86_400_000;

/** Where the bot is and where it no longer is, and what is deleted for that. */
export class Presence {
  readonly #connection: Connection;
  readonly #turns: Turns;
  readonly #now: () => number;
  readonly #log: Logger;
  /** What the database does not have yet, by server: when it was left, or null: the bot is there. */
  readonly #unsaved = new Map<string, number | null>();
  #told = false;

  constructor(connection: Connection, turns: Turns, now: () => number, log: Logger) {
    this.#connection = connection;
    this.#turns = turns;
    this.#now = now;
    this.#log = log;
  }

  /** Noted from now on, and saved later, even if this rejects. */
  async left(guildId: string): Promise<void> {
    this.#unsaved.set(guildId, this.#now());
    await this.save();
  }

  /** The same. */
  async present(guildIds: readonly string[]): Promise<void> {
    this.#told = true;
    for (const guildId of guildIds) this.#unsaved.set(guildId, null);
    await this.save();
  }

  /** Saves what is not yet saved. Rejects with StoreError. */
  async save(): Promise<void> {
    await this.#turns.take(async () => {
      const changes = [...this.#unsaved];
      if (changes.length === 0) return;
      await this.#connection.write(async db => {
        await markPresent(
          db,
          changes.flatMap(([guildId, at]) => (at === null ? [guildId] : [])),
        );
        for (const [guildId, at] of changes) if (at !== null) await markLeft(db, guildId, at);
      });
      for (const [guildId, at] of changes)
        if (this.#unsaved.get(guildId) === at) this.#unsaved.delete(guildId);
    });
  }

  /**
   * Deletes everything of the servers that were left 30 days ago; returns their ids. Nothing before it was told once
   * where the bot is: it may have come back while this program was not running. Rejects with StoreError.
   */
  async purge(): Promise<readonly string[]> {
    if (!this.#told || this.#unsaved.size > 0) return [];
    const now = this.#now();
    await this.#turns.take(() => this.#connection.write(db => pruneWishes(db, now - WISHES_KEPT_MS)));
    const until = now - KEEP_MS;
    const guildIds = await this.#connection.read(db => readLeft(db, until));
    for (const guildId of guildIds) {
      while (await this.#turns.take(() => this.#connection.write(db => purgeSome(db, guildId, until))));
      this.#log.info({ guildId }, 'deleted a server that was left 30 days ago');
    }
    return guildIds;
  }
}
