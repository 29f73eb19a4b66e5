import { LRUCache } from 'lru-cache';
import { EMPTY_RECORD } from './records.ts';
import type { Clone, ServerRecord } from './store.ts';

const MAX_SERVERS = 5_000;
/** Another process may have deleted a person meanwhile (`/privacy delete` reaches all servers). */
const FRESH_MS = 5 * 60_000;

interface Remembered {
  /** As the database has it, or the defaults if it could not be read. */
  readonly record: ServerRecord;
  /** False: it could not be read. */
  readonly read: boolean;
  /** `performance.now()`. */
  readonly at: number;
}

/** The servers that were asked for lately, as the database has them. */
export class Memory {
  readonly #fromDatabase: (guildId: string) => Promise<ServerRecord>;
  readonly #servers = new LRUCache<string, Remembered>({ max: MAX_SERVERS });
  /** Reads under way; one is taken out when what it reads has been changed meanwhile. */
  readonly #reads = new Map<string, Promise<void>>();

  constructor(fromDatabase: (guildId: string) => Promise<ServerRecord>) {
    this.#fromDatabase = fromDatabase;
  }

  /** Reads from the database the first time; never rejects. What is old is read again, and nobody waits for that. */
  async server(guildId: string): Promise<ServerRecord> {
    for (;;) {
      const known = this.#servers.get(guildId);
      const fresh = known?.read && performance.now() - known.at < FRESH_MS;
      const reading = fresh ? undefined : this.#read(guildId);
      if (known) return known.record;
      await reading;
    }
  }

  known(guildId: string): ServerRecord | undefined {
    return this.#servers.get(guildId)?.record;
  }

  /** The database has this now. */
  set(guildId: string, record: ServerRecord): void {
    this.#reads.delete(guildId);
    this.#servers.set(guildId, { record, read: true, at: performance.now() });
  }

  /** What is known may be wrong: it is to be read again. */
  doubt(guildId: string): void {
    this.#reads.delete(guildId);
    const known = this.#servers.get(guildId);
    if (known) this.#servers.set(guildId, { ...known, at: Number.NEGATIVE_INFINITY });
  }

  forget(guildId: string): void {
    this.#reads.delete(guildId);
    this.#servers.delete(guildId);
  }

  /** Forgets those that could not be read: the next to ask waits for the database. */
  forgetUnread(): void {
    for (const [guildId, { read }] of this.#servers.entries()) if (!read) this.#servers.delete(guildId);
  }

  forgetPerson(userId: string): void {
    this.#reads.clear();
    for (const [guildId, known] of this.#servers.entries()) {
      const { record } = known;
      const isOwn = (clone: Clone) => clone.userId === userId;
      const concerned = record.people.has(userId) || record.optOuts.has(userId) || record.clones.some(isOwn);
      if (!concerned) continue;
      const people = new Map(record.people);
      people.delete(userId);
      const optOuts = new Set(record.optOuts);
      optOuts.delete(userId);
      const clones = record.clones.filter(clone => !isOwn(clone));
      this.#servers.set(guildId, { ...known, record: { ...record, people, optOuts, clones } });
    }
  }

  #read(guildId: string): Promise<void> {
    const underWay = this.#reads.get(guildId);
    if (underWay) return underWay;
    const isLast = () => this.#reads.get(guildId) === reading;
    const reading = this.#fromDatabase(guildId).then(
      record => {
        if (isLast()) this.set(guildId, record);
      },
      // The trouble is known. What was known stays; else the defaults hold.
      () => {
        if (!isLast()) return;
        this.#reads.delete(guildId);
        if (!this.#servers.has(guildId))
          this.#servers.set(guildId, {
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
