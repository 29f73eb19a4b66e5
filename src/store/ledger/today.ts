import { dayOf } from './day.ts';
import type { LedgerEntry } from './ledger.ts';
import type { StoredRow } from './ledger-rows.ts';

// Holds in memory what was spent today (UTC) at Fish Audio, so that a line can be checked against the budget at once.
// `write-behind-ledger.ts` fills it.

const NANO = 1e9;

/**
 * Adds up, in memory, what was spent on the present UTC day: the bytes of each guild, and the money of all together.
 */
export class Today {
  readonly #now: () => number;
  #day: string;
  /** The latest day that this process has seen. Nothing can have been spent on a later day, whatever the clock said. */
  #latest: string;
  #nanoUsd = 0;
  #bytes = new Map<string, number>();
  /** Whether the sums have all of the day: the process has seen it from its beginning, or has read it. */
  #complete = false;

  constructor(now: () => number) {
    this.#now = now;
    this.#day = dayOf(now());
    this.#latest = this.#day;
  }

  /** False while the sums may lack what was spent before this process began, or before the clock was set back. */
  get complete(): boolean {
    this.#turn();
    return this.#complete;
  }

  /** US dollars of today, of all guilds together. */
  get usd(): number {
    this.#turn();
    return this.#nanoUsd / NANO;
  }

  /** UTF-8 bytes of a guild today. */
  bytesOf(guildId: string): number {
    this.#turn();
    return this.#bytes.get(guildId) ?? 0;
  }

  add({ guildId, bytes, nanoUsd }: Pick<LedgerEntry, 'guildId' | 'bytes' | 'nanoUsd'>): void {
    this.#turn();
    this.#nanoUsd += nanoUsd;
    this.#bytes.set(guildId, (this.#bytes.get(guildId) ?? 0) + bytes);
  }

  /** Sets the bytes of a guild on `day`, of which the database may have got more from other processes. */
  setBytes(day: string, guildId: string, bytes: number): void {
    this.#turn();
    if (day === this.#day) this.#bytes.set(guildId, bytes);
  }

  /** Sets the sums of `day` to what the database has (`totals`) and what it does not have yet (`outstanding`). */
  start(
    day: string,
    totals: readonly { guildId: string; bytes: number; nanoUsd: number }[],
    outstanding: Iterable<StoredRow>,
  ): void {
    if (day !== dayOf(this.#now())) return; // that day has ended while the database was read
    this.#begin(day, true);
    for (const total of totals) this.add(total);
    for (const row of outstanding)
      if (row.day === day) this.add({ guildId: row.guild_id, bytes: row.bytes, nanoUsd: row.nano_usd });
  }

  #turn(): void {
    const day = dayOf(this.#now());
    // After a clock was set back or forward, the day may be one of which the database has more than these sums.
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
