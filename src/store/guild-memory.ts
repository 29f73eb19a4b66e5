import { LRUCache } from 'lru-cache';
import type { Effect, LiveRecord } from './live-record.ts';
import { EMPTY_RECORD } from './records.ts';
import type { GuildRecord } from './store.ts';

const MAX_SERVERS = 5_000;
/**
 * With PostgreSQL another process may have deleted a person meanwhile (`/privacy delete` reaches all servers), so a
 * server is read again after this. An SQLite file is one process's alone.
 */
const FRESH_MS = { sqlite: Number.POSITIVE_INFINITY, postgres: 5 * 60_000 };

/** `at`: when it was read, of `performance.now()`. */
type Remembered =
  /** As the database has it. */
  | { readonly record: LiveRecord; readonly read: true; readonly at: number }
  /** The defaults: it could not be read. */
  | { readonly record: GuildRecord; readonly read: false; readonly at: number };

/** The servers that were asked for lately, as the database has them. */
export class GuildMemory {
  readonly #fromDatabase: (guildId: string) => Promise<LiveRecord>;
  readonly #freshMs: number;
  readonly #guilds = new LRUCache<string, Remembered>({ max: MAX_SERVERS });
  /** Reads under way; one is taken out when what it reads has been changed meanwhile. */
  readonly #reads = new Map<string, Promise<void>>();

  constructor(fromDatabase: (guildId: string) => Promise<LiveRecord>, kind: keyof typeof FRESH_MS) {
    this.#fromDatabase = fromDatabase;
    this.#freshMs = FRESH_MS[kind];
  }

  /** Reads from the database the first time; never rejects. What is old is read again, and nobody waits for that. */
  async guild(guildId: string): Promise<GuildRecord> {
    for (;;) {
      const known = this.#guilds.get(guildId);
      const fresh = known?.read && performance.now() - known.at < this.#freshMs;
      const reading = fresh ? undefined : this.#read(guildId);
      if (known) return known.record;
      await reading;
    }
  }

  known(guildId: string): GuildRecord | undefined {
    return this.#guilds.get(guildId)?.record;
  }

  /** What the database is known to have; undefined: it was not read yet. */
  read(guildId: string): LiveRecord | undefined {
    const known = this.#guilds.get(guildId);
    return known?.read ? known.record : undefined;
  }

  /** The database has been changed. What is being read meanwhile may lack that, and is dropped. */
  changed(guildId: string, effect: Effect): void {
    this.#reads.delete(guildId);
    const known = this.#guilds.get(guildId);
    if (known?.read) this.#guilds.set(guildId, { ...known, record: effect(known.record) });
    else this.#guilds.delete(guildId);
  }

  /** What is known may be wrong: it is to be read again. */
  doubt(guildId: string): void {
    this.#reads.delete(guildId);
    const known = this.#guilds.get(guildId);
    if (known) this.#guilds.set(guildId, { ...known, at: Number.NEGATIVE_INFINITY });
  }

  forget(guildId: string): void {
    this.#reads.delete(guildId);
    this.#guilds.delete(guildId);
  }

  /** Forgets those that could not be read: the next to ask waits for the database. */
  forgetUnread(): void {
    for (const [guildId, { read }] of this.#guilds.entries()) if (!read) this.#guilds.delete(guildId);
  }

  /** The database may have been put in the place of another: all is to be read again. */
  doubtAll(): void {
    const guildIds = Array.from(this.#guilds.keys()); // each becomes the latest, so that the order changes meanwhile
    for (const guildId of guildIds) this.doubt(guildId);
  }

  forgetPerson(userId: string): void {
    this.#reads.clear();
    const servers = Array.from(this.#guilds.entries()); // one that is set becomes the latest
    for (const [guildId, known] of servers) {
      if (!known.read) continue;
      const { record } = known;
      record.people.delete(userId);
      record.optOuts.delete(userId);
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
      // The trouble is known. What was known stays; else the defaults hold.
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
