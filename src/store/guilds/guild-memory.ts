import { LRUCache } from 'lru-cache';
import type { GuildRecord } from '../store.ts';
import { EMPTY_RECORD } from './guild-rows.ts';
import type { Effect, LiveRecord } from './live-record.ts';

// Keeps the records of guilds (settings, dictionary, people's choices) in memory, just as the database has them, so
// that a chat message need not wait for the database. Change here how many are kept, and when one is read again.
// `guild-records.ts` lays the changes over them that could not be saved yet.

const MAX_GUILDS = 5_000;
/**
 * How long a record counts as fresh; an older one is read again. Several processes may use one PostgreSQL database.
 * They tell each other what they change (`processes/other-processes.ts`), but nobody tells them what an operator
 * changes by hand. An SQLite file belongs to one process alone, so its records stay fresh.
 */
const FRESH_MS = { sqlite: Number.POSITIVE_INFINITY, postgres: 5 * 60_000 };

/** A record in memory. `at` is when it was read, by `performance.now()`. */
type Remembered =
  /** The record as the database has it. */
  | { readonly record: LiveRecord; readonly read: true; readonly at: number }
  /** The defaults, because the database could not be read. */
  | { readonly record: GuildRecord; readonly read: false; readonly at: number };

export class GuildMemory {
  readonly #fromDatabase: (guildId: string) => Promise<LiveRecord>;
  readonly #freshMs: number;
  readonly #guilds = new LRUCache<string, Remembered>({ max: MAX_GUILDS });
  /** The readings that are going on, by guild id. A reading whose guild is changed meanwhile is removed from here. */
  readonly #reads = new Map<string, Promise<void>>();

  constructor(fromDatabase: (guildId: string) => Promise<LiveRecord>, kind: keyof typeof FRESH_MS) {
    this.#fromDatabase = fromDatabase;
    this.#freshMs = FRESH_MS[kind];
  }

  /**
   * The guild's record. The first time it is read from the database; later it comes from memory, and an old one is read
   * again in the background. Never rejects: when the database cannot be read, the record has the defaults.
   */
  async guild(guildId: string): Promise<GuildRecord> {
    for (;;) {
      const known = this.#guilds.get(guildId);
      const fresh = known?.read && performance.now() - known.at < this.#freshMs;
      const reading = fresh ? undefined : this.#read(guildId);
      if (known) return known.record;
      await reading;
    }
  }

  /** The guild's record if it is in memory, which may be that of the defaults. */
  known(guildId: string): GuildRecord | undefined {
    return this.#guilds.get(guildId)?.record;
  }

  /** The guild's record as it was read from the database; undefined when it was not read yet. */
  read(guildId: string): LiveRecord | undefined {
    const known = this.#guilds.get(guildId);
    return known?.read ? known.record : undefined;
  }

  /** Makes a change of the database in memory too. What is being read now may lack the change, and will be dropped. */
  changed(guildId: string, effect: Effect): void {
    this.#reads.delete(guildId);
    const known = this.#guilds.get(guildId);
    if (known?.read) this.#guilds.set(guildId, { ...known, record: effect(known.record) });
    else this.#guilds.delete(guildId);
  }

  /** Marks a guild's record as possibly wrong: whoever asks next has it read again. */
  doubt(guildId: string): void {
    this.#reads.delete(guildId);
    const known = this.#guilds.get(guildId);
    if (known) this.#guilds.set(guildId, { ...known, at: Number.NEGATIVE_INFINITY });
  }

  /** Reads a guild's record again if it is in memory, since somebody else has changed it. Never rejects. */
  async refresh(guildId: string): Promise<void> {
    this.doubt(guildId);
    if (this.#guilds.has(guildId)) await this.#read(guildId);
  }

  /** Takes the guild's record out of memory. */
  forget(guildId: string): void {
    this.#reads.delete(guildId);
    this.#guilds.delete(guildId);
  }

  /** Takes all records out of memory that could not be read: whoever asks next waits for the database. */
  forgetUnread(): void {
    for (const [guildId, { read }] of this.#guilds.entries()) if (!read) this.#guilds.delete(guildId);
  }

  /** Marks all records as possibly wrong, as the database may have been replaced by another one. */
  doubtAll(): void {
    const guildIds = Array.from(this.#guilds.keys()); // a copy, since `doubt` changes the order of the entries
    for (const guildId of guildIds) this.doubt(guildId);
  }

  /** Takes everything of a person out of all records. */
  forgetPerson(userId: string): void {
    this.#reads.clear();
    const guilds = Array.from(this.#guilds.entries()); // a copy, since `set` changes the order of the entries
    for (const [guildId, known] of guilds) {
      if (!known.read) continue;
      const { record } = known;
      record.people.delete(userId);
      record.optOuts.delete(userId);
      record.optIns.delete(userId);
      const clones = record.clones.filter(clone => clone.userId !== userId);
      const wordsBy = new Map([...record.wordsBy].filter(([, by]) => by !== userId));
      if (clones.length === record.clones.length && wordsBy.size === record.wordsBy.size) continue;
      this.#guilds.set(guildId, { ...known, record: { ...record, clones, wordsBy } });
    }
  }

  #read(guildId: string): Promise<void> {
    const underWay = this.#reads.get(guildId);
    if (underWay) return underWay;
    const isLast = () => this.#reads.get(guildId) === reading;
    const reading = this.#fromDatabase(guildId).then(
      record => {
        if (!isLast()) return;
        this.#reads.delete(guildId);
        this.#guilds.set(guildId, { record, read: true, at: performance.now() });
      },
      // The connection knows the problem already. A record that is known stays; else the defaults hold.
      () => {
        if (!isLast()) return;
        this.#reads.delete(guildId);
        if (!this.#guilds.has(guildId))
          this.#guilds.set(guildId, {
            record: { ...EMPTY_RECORD, known: false },
            read: false,
            at: performance.now(),
          });
      },
    );
    this.#reads.set(guildId, reading);
    return reading;
  }
}
