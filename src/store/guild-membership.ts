import type { Logger } from '../log.ts';
import type { Connection } from './connection.ts';
import { markLeft, markPresent, purgeSome, readLeft, readUnmarked } from './guilds.ts';
import type { Census } from './store.ts';
import type { TaskQueue } from './task-queue.ts';
import { pruneWishes, WISHES_KEPT_MS } from './wishes.ts';

/** A server that the bot has left is kept for so long, in case it was a mistake. */
const KEEP_MS = 30 * 86_400_000;

export interface GuildMembershipOptions {
  readonly connection: Connection;
  readonly queue: TaskQueue;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The bot was found to be no longer in a server. */
  readonly onLeft: (guildId: string) => void;
  readonly log: Logger;
}

/** Where the bot is and where it no longer is, and what is deleted for that. */
export class GuildMembership {
  readonly #options: GuildMembershipOptions;
  /** What the database does not have yet, by server: when it was left, or null: the bot is there. */
  readonly #unsaved = new Map<string, number | null>();
  /** Where the bot is, as far as this process was told. */
  readonly #here = new Set<string>();
  /** With which servers of the database nothing has been compared yet. */
  #uncounted: { readonly covers: Census['covers']; readonly at: number }[] = [];
  #told = false;

  constructor(options: GuildMembershipOptions) {
    this.#options = options;
  }

  /** Noted from now on, and saved later, even if this rejects. */
  async left(guildId: string): Promise<void> {
    this.#leave(guildId, this.#options.now());
    await this.save();
  }

  /** The same. */
  async present(guildIds: readonly string[]): Promise<void> {
    this.#enter(guildIds);
    await this.save();
  }

  /** The same: the servers that are missing in a census were left unseen, those that the database alone knows too. */
  async counted({ guildIds, covers }: Census): Promise<void> {
    const at = this.#options.now();
    const present = new Set(guildIds);
    for (const guildId of this.#here) if (covers(guildId) && !present.has(guildId)) this.#leave(guildId, at);
    this.#enter(guildIds);
    this.#uncounted.push({ covers, at });
    await this.save();
  }

  /** Saves what is not yet saved. Rejects with StoreError. */
  async save(): Promise<void> {
    const { connection, queue } = this.#options;
    await queue.run(async () => {
      await this.#count();
      const changes = [...this.#unsaved];
      if (changes.length === 0) return;
      await connection.write(async db => {
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
    const { connection, queue, now, log } = this.#options;
    const since = now();
    await queue.run(() => connection.write(db => pruneWishes(db, since - WISHES_KEPT_MS)));
    const until = since - KEEP_MS;
    const guildIds = await connection.read(db => readLeft(db, until));
    for (const guildId of guildIds) {
      while (await queue.run(() => connection.write(db => purgeSome(db, guildId, until))));
      log.info({ guildId }, 'deleted a server that was left 30 days ago');
    }
    return guildIds;
  }

  /**
   * Says once more where the bot is: another bot on the same database, which is in other servers, may have found that
   * they are none of its own.
   */
  repeat(): void {
    for (const guildId of this.#here) this.#unsaved.set(guildId, null);
  }

  #enter(guildIds: readonly string[]): void {
    this.#told = true;
    for (const guildId of guildIds) {
      this.#here.add(guildId);
      this.#unsaved.set(guildId, null);
    }
  }

  #leave(guildId: string, at: number): void {
    this.#here.delete(guildId);
    this.#unsaved.set(guildId, at);
    this.#options.onLeft(guildId);
  }

  /** Compares with the database what was counted. Rejects with StoreError, and then it is done later. */
  async #count(): Promise<void> {
    const counted = this.#uncounted;
    if (counted.length === 0) return;
    const guildIds = await this.#options.connection.read(readUnmarked);
    for (const { covers, at } of counted) {
      const missing = guildIds.filter(id => covers(id) && !this.#here.has(id) && !this.#unsaved.has(id));
      for (const guildId of missing) this.#leave(guildId, at);
      if (missing.length > 0)
        this.#options.log.info({ guilds: missing.length }, 'in these servers the bot is no longer');
    }
    this.#uncounted = this.#uncounted.filter(census => !counted.includes(census));
  }
}
