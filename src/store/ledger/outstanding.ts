import type { LedgerEntry } from './ledger.ts';
import type { StoredRow } from './ledger-rows.ts';

// Collects in memory the rows of the ledger (what was spent at Fish Audio) that still have to be written to the
// database. `write-behind-ledger.ts` writes them.

/** The user id of ledger rows whose person was deleted. */
export const NOBODY = '0';

/** The ledger rows that are not written yet, one for each day, guild and person. */
export class Outstanding {
  #rows = new Map<string, StoredRow>();

  /** How many rows there are. */
  get size(): number {
    return this.#rows.size;
  }

  /** Adds an entry to the row of its UTC day (such as `2026-11-24`), guild and person. */
  add(day: string, { guildId, userId, bytes, nanoUsd, cached = { lines: 0, bytes: 0 } }: LedgerEntry): void {
    const key = `${day} ${guildId} ${userId}`;
    const row = this.#rows.get(key);
    if (row) {
      row.bytes += bytes;
      row.nano_usd += nanoUsd;
      row.cached_lines += cached.lines;
      row.cached_bytes += cached.bytes;
    } else {
      this.#rows.set(key, {
        day,
        guild_id: guildId,
        user_id: userId,
        bytes,
        nano_usd: nanoUsd,
        cached_lines: cached.lines,
        cached_bytes: cached.bytes,
      });
    }
  }

  /** Removes up to `most` rows, the oldest first, and returns them. */
  take(most: number): StoredRow[] {
    const taken = [...this.#rows].slice(0, most);
    for (const [key] of taken) this.#rows.delete(key);
    return taken.map(([, row]) => row);
  }

  /** Takes a person's id, or with null everybody's, out of all rows: what was spent for them counts for `NOBODY`. */
  forget(userId: string | null): void {
    const rows = this.#rows;
    this.#rows = new Map();
    for (const row of rows.values()) {
      const {
        day,
        guild_id: guildId,
        user_id,
        bytes,
        nano_usd: nanoUsd,
        ...more
      } = withoutPerson(row, userId);
      const cached = { lines: more.cached_lines, bytes: more.cached_bytes };
      this.add(day, { guildId, userId: user_id, bytes, nanoUsd, cached });
    }
  }

  rows(): Iterable<StoredRow> {
    return this.#rows.values();
  }
}

/** The row itself, or, if it is that person's or with null, the row with `NOBODY` in place of their id. */
export function withoutPerson(row: StoredRow, userId: string | null): StoredRow {
  return userId === null || row.user_id === userId ? { ...row, user_id: NOBODY } : row;
}
