import type { Kysely } from 'kysely';
import type { Connection } from './connection.ts';
import type { Stay, Stays } from './store.ts';
import type { Tables } from './tables.ts';
import type { TaskQueue } from './task-queue.ts';

/** At most so many ids go into one statement, because both databases limit the parameters of a statement. */
const IDS_AT_ONCE = 1_000;

/**
 * The voice channels in which people want the bot. A change holds at once. It is written to the database at once too,
 * or, when the database does not work, as soon as it works again.
 */
export class KeptStays implements Stays {
  readonly #connection: Connection;
  readonly #queue: TaskQueue;
  /** The changes that the database does not have yet, by guild id; null when the bot is wanted nowhere in the guild. */
  readonly #unsaved = new Map<string, Stay | null>();

  constructor(connection: Connection, queue: TaskQueue) {
    this.#connection = connection;
    this.#queue = queue;
  }

  async of(guildIds: readonly string[]): Promise<readonly Stay[]> {
    const found = new Map<string, Stay>();
    for (let at = 0; at < guildIds.length; at += IDS_AT_ONCE) {
      const some = guildIds.slice(at, at + IDS_AT_ONCE);
      for (const stay of await this.#connection.read(db => readStays(db, some)))
        found.set(stay.guildId, stay);
    }
    for (const guildId of guildIds) {
      const unsaved = this.#unsaved.get(guildId);
      if (unsaved) found.set(guildId, unsaved);
      else if (unsaved === null) found.delete(guildId);
    }
    return [...found.values()];
  }

  remember(stay: Stay): void {
    this.#unsaved.set(stay.guildId, stay);
    this.#saveInBackground();
  }

  forget(guildId: string): void {
    this.#unsaved.set(guildId, null);
    this.#saveInBackground();
  }

  /** Whether the database does not have the latest change of this guild yet. */
  isUnsaved(guildId: string): boolean {
    return this.#unsaved.has(guildId);
  }

  /**
   * Writes all changes that the database does not have yet. Rejects with StoreError, and then they are kept for later.
   */
  async save(): Promise<void> {
    await this.#queue.run(async () => {
      const changes = [...this.#unsaved];
      if (changes.length === 0) return;
      await this.#connection.write(async db => {
        for (const [guildId, stay] of changes) await (stay ? keep(db, stay) : drop(db, guildId));
      });
      for (const [guildId, stay] of changes)
        if (this.#unsaved.get(guildId) === stay) this.#unsaved.delete(guildId);
    });
  }

  #saveInBackground(): void {
    this.save().catch(() => undefined); // the changes are kept, and are written when the database works again
  }
}

async function readStays(db: Kysely<Tables>, guildIds: readonly string[]): Promise<readonly Stay[]> {
  return await db
    .selectFrom('stay')
    .select(['guild_id as guildId', 'channel_id as channelId', 'notices_to as noticesTo'])
    .where('guild_id', 'in', guildIds)
    .execute();
}

async function keep(db: Kysely<Tables>, { guildId, channelId, noticesTo }: Stay): Promise<void> {
  const where = { channel_id: channelId, notices_to: noticesTo };
  await db
    .insertInto('stay')
    .values({ guild_id: guildId, ...where })
    .onConflict(conflict => conflict.column('guild_id').doUpdateSet(where))
    .execute();
}

async function drop(db: Kysely<Tables>, guildId: string): Promise<void> {
  await db.deleteFrom('stay').where('guild_id', '=', guildId).execute();
}
