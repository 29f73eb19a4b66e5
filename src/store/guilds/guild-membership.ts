import type { Kysely } from 'kysely';
import type { Logger } from '../../log.ts';
import type { Connection } from '../database/connection.ts';
import type { Tables } from '../database/tables.ts';
import type { TaskQueue } from '../database/task-queue.ts';
import { pruneWishes, WISHES_KEPT_MS } from '../people/wishes.ts';
import type { TellChange } from '../processes/told-changes.ts';
import type { Census } from '../store.ts';
import { markLeft, markPresent, purgeSome, readLeft, readUnmarked } from './guilds.ts';
import { IMPORTS_KEPT_MS, pruneLastImports } from './last-imports.ts';

// Notes which Discord servers (guilds) the bot is in and which it has left, and deletes everything about a server some
// time after the bot has left it. Change here after how long.

/** How long what is kept of a guild stays after the bot has left it, in case it was removed by mistake. */
const KEEP_MS = 30 * 86_400_000;

export interface GuildMembershipOptions {
  readonly connection: Connection;
  readonly queue: TaskQueue;
  /** The present time, in epoch milliseconds. */
  readonly now: () => number;
  /** Called when the bot is found to be no longer in a guild. */
  readonly onLeft: (guildId: string) => void;
  /** Tells the other processes of each change, where there are others. */
  readonly tell: TellChange;
  readonly log: Logger;
}

export class GuildMembership {
  readonly #options: GuildMembershipOptions;
  /**
   * What the database does not have yet, by guild id: when the bot left (epoch milliseconds), or null if it is in the
   * guild.
   */
  readonly #unsaved = new Map<string, number | null>();
  /** The ids of the guilds that the bot is in, as far as this process was told. */
  readonly #here = new Set<string>();
  /** The censuses that have not been compared with the database yet, each with its time (epoch milliseconds). */
  #uncounted: { readonly covers: Census['covers']; readonly at: number }[] = [];
  /** Whether this process was told at least once which guilds the bot is in. */
  #told = false;

  constructor(options: GuildMembershipOptions) {
    this.#options = options;
  }

  /** Notes that the bot was removed from a guild. Rejects with StoreError when that can only be saved later. */
  async left(guildId: string): Promise<void> {
    this.#leave(guildId, this.#options.now());
    await this.save();
  }

  /** Notes that the bot is in these guilds. Rejects with StoreError when that can only be saved later. */
  async present(guildIds: readonly string[]): Promise<void> {
    this.#enter(guildIds);
    await this.save();
  }

  /**
   * Takes a census of guilds. The guilds that it should have and does not have count as left from now on, even those
   * that only the database knows. Rejects with StoreError when that can only be saved later.
   */
  async counted({ guildIds, covers }: Census): Promise<void> {
    const at = this.#options.now();
    const present = new Set(guildIds);
    for (const guildId of this.#here) if (covers(guildId) && !present.has(guildId)) this.#leave(guildId, at);
    this.#enter(guildIds);
    this.#uncounted.push({ covers, at });
    await this.save();
  }

  /** Writes what the database does not have yet. Rejects with StoreError, and then it is kept for later. */
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
   * Deletes everything that is kept of the guilds that the bot left 30 days ago or earlier; returns their ids. It
   * deletes nothing before this process was told once which guilds the bot is in, since the bot may have come back to a
   * guild while this program was not running. Rejects with StoreError.
   */
  async purge(): Promise<readonly string[]> {
    if (!this.#told || this.#unsaved.size > 0) return [];
    const { connection, queue, now, tell, log } = this.#options;
    const since = now();
    await queue.run(() =>
      connection.write(async db => {
        await pruneWishes(db, since - WISHES_KEPT_MS);
        await pruneLastImports(db, since - IMPORTS_KEPT_MS);
      }),
    );
    const until = since - KEEP_MS;
    const guildIds = await connection.read(db => readLeft(db, until));
    for (const guildId of guildIds) {
      const purge = async (db: Kysely<Tables>) => {
        await tell(db, { guildId });
        return await purgeSome(db, guildId, until);
      };
      while (await queue.run(() => connection.write(purge)));
      log.info({ guildId }, 'deleted a server that was left 30 days ago');
    }
    return guildIds;
  }

  /**
   * Has it saved once more that the bot is in its guilds. Another bot that uses the same database is in other guilds,
   * and may have noted ours as left because they are missing in its own census.
   */
  repeat(): void {
    for (const guildId of this.#here) this.#unsaved.set(guildId, null);
  }

  /** Forgets which of these guilds the bot is in, since another process of the bot now hears of them. */
  handOver(guildIds: readonly string[]): void {
    for (const guildId of guildIds) this.#here.delete(guildId);
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

  /** Compares the censuses with the guilds in the database. Rejects with StoreError, and then it is done later. */
  async #count(): Promise<void> {
    const counted = this.#uncounted;
    if (counted.length === 0) return;
    const guildIds = await this.#options.connection.read(readUnmarked);
    for (const { covers, at } of counted) {
      const missing = guildIds.filter(id => covers(id) && !this.#here.has(id) && !this.#unsaved.has(id));
      for (const guildId of missing) this.#leave(guildId, at);
      if (missing.length > 0)
        this.#options.log.info({ guilds: missing.length }, 'servers in which the bot no longer is');
    }
    this.#uncounted = this.#uncounted.filter(census => !counted.includes(census));
  }
}
