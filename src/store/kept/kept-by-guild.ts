import type { Kysely } from 'kysely';
import { chunks } from '../database/chunks.ts';
import type { Connection } from '../database/connection.ts';
import type { Tables } from '../database/tables.ts';
import type { TaskQueue } from '../database/task-queue.ts';
import type { TellChange } from '../processes/told-changes.ts';
import type { Kept } from './kept-facts.ts';

// Keeps facts of which a guild has at most one, so that they outlive the process, also while the database does not
// work. The kinds of facts are in `kept-stays.ts` (where the bot is wanted), `kept-statuses.ts` (what it wrote on a
// channel) and `kept-read-marks.ts` (how far chat was read).

/** How one kind of fact is kept in the database: at most one row in each guild. */
export interface KeptTable<Fact> {
  /** Reads the facts of these guilds, which are no more than fit into one statement. */
  read(db: Kysely<Tables>, guildIds: readonly string[]): Promise<readonly Fact[]>;
  /** Writes facts, each in place of its guild's former one; they are no more than fit into one statement. */
  keep(db: Kysely<Tables>, facts: readonly Fact[]): Promise<unknown>;
  /** Deletes the facts of these guilds, which are no more than fit into one statement. */
  drop(db: Kysely<Tables>, guildIds: readonly string[]): Promise<unknown>;
}

/**
 * A change is valid at once. It is written to the database at once too, or, when the database does not work, as soon as
 * it works again.
 */
export class KeptByGuild<Fact extends { readonly guildId: string }> implements Kept<Fact> {
  readonly #connection: Connection;
  readonly #queue: TaskQueue;
  readonly #table: KeptTable<Fact>;
  readonly #tell: TellChange;
  /** The changes that the database does not have yet, by guild id; null when the guild has no such fact any more. */
  readonly #unsaved = new Map<string, Fact | null>();

  /** `tell` tells the other processes of each change; without it, they learn of none. */
  constructor(
    connection: Connection,
    queue: TaskQueue,
    table: KeptTable<Fact>,
    tell: TellChange = () => Promise.resolve(),
  ) {
    this.#connection = connection;
    this.#queue = queue;
    this.#table = table;
    this.#tell = tell;
  }

  async of(guildIds: readonly string[]): Promise<readonly Fact[]> {
    const found = new Map<string, Fact>();
    for (const some of chunks(guildIds))
      for (const fact of await this.#connection.read(db => this.#table.read(db, some)))
        found.set(fact.guildId, fact);
    for (const guildId of guildIds) {
      const unsaved = this.#unsaved.get(guildId);
      if (unsaved) found.set(guildId, unsaved);
      else if (unsaved === null) found.delete(guildId);
    }
    return [...found.values()];
  }

  remember(fact: Fact): void {
    this.#unsaved.set(fact.guildId, fact);
    this.#saveInBackground();
  }

  forget(guildId: string): void {
    this.#unsaved.set(guildId, null);
    this.#saveInBackground();
  }

  /**
   * Returns what drops the change of a guild that the database does not have by now, since another process has decided
   * otherwise.
   */
  outdated(guildId: string): () => void {
    const fact = this.#unsaved.get(guildId);
    return () => {
      if (fact !== undefined && this.#unsaved.get(guildId) === fact) this.#unsaved.delete(guildId);
    };
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
      if (this.#unsaved.size === 0) return;
      const changes = await this.#connection.write(async db => {
        // Some may have been dropped since, if the database was opened anew. In one order, no two processes lock each
        // other out.
        const unsaved = [...this.#unsaved].sort(([one], [other]) => (one < other ? -1 : 1));
        for (const [guildId] of unsaved) await this.#tell(db, { guildId });
        const facts = unsaved.flatMap(([, fact]) => fact ?? []);
        const gone = unsaved.flatMap(([guildId, fact]) => (fact === null ? guildId : []));
        for (const some of chunks(facts)) await this.#table.keep(db, some);
        for (const some of chunks(gone)) await this.#table.drop(db, some);
        return unsaved;
      });
      for (const [guildId, fact] of changes)
        if (this.#unsaved.get(guildId) === fact) this.#unsaved.delete(guildId);
    });
  }

  #saveInBackground(): void {
    this.save().catch(() => undefined); // the changes are kept, and are written when the database works again
  }
}
