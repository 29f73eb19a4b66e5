import { dayOf } from './day.ts';
import type { StoredRow } from './ledger-rows.ts';
import type { LedgerEntry } from './store.ts';

const NANO = 1e9;

/** The sums of the present UTC day, in memory. */
export class Today {
  readonly #now: () => number;
  #day: string;
  /** The latest day of this process: what was spent later nobody has seen, by any clock. */
  #latest: string;
  #nanoUsd = 0;
  #bytes = new Map<string, number>();
  /** Whether the day has been with us from its beginning, or was read from the database. */
  #complete = false;

  constructor(now: () => number) {
    this.#now = now;
    this.#day = dayOf(now());
    this.#latest = this.#day;
  }

  get complete(): boolean {
    this.#turn();
    return this.#complete;
  }

  get usd(): number {
    this.#turn();
    return this.#nanoUsd / NANO;
  }

  bytesOf(guildId: string): number {
    this.#turn();
    return this.#bytes.get(guildId) ?? 0;
  }

  add({ guildId, bytes, nanoUsd }: Pick<LedgerEntry, 'guildId' | 'bytes' | 'nanoUsd'>): void {
    this.#turn();
    this.#nanoUsd += nanoUsd;
    this.#bytes.set(guildId, (this.#bytes.get(guildId) ?? 0) + bytes);
  }

  /** What the database has of `day`, and what it does not have yet. */
  start(
    day: string,
    totals: readonly { guildId: string; bytes: number; nanoUsd: number }[],
    outstanding: Iterable<StoredRow>,
  ): void {
    if (day !== dayOf(this.#now())) return; // it has ended meanwhile
    this.#begin(day, true);
    for (const total of totals) this.add(total);
    for (const row of outstanding)
      if (row.day === day) this.add({ guildId: row.guild_id, bytes: row.bytes, nanoUsd: row.nano_usd });
  }

  #turn(): void {
    const day = dayOf(this.#now());
    // A clock that is set back, or on again, returns to a day of which more is in the database.
    if (day !== this.#day) this.#begin(day, day > this.#latest);
  }

  #begin(day: string, complete: boolean): void {
    this.#day = day;
    if (day > this.#latest) this.#latest = day;
    this.#nanoUsd = 0;
    this.#bytes = new Map();
    this.#complete = complete;
  }
}
