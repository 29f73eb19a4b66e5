import type { StoredRow } from './ledger-rows.ts';
import type { LedgerEntry } from './store.ts';

/** In place of the id of a person who was deleted. */
export const NOBODY = '0';

/** Ledger rows that are not written yet, added up by day, server and person. */
export class Outstanding {
  #rows = new Map<string, StoredRow>();

  get size(): number {
    return this.#rows.size;
  }

  add(day: string, { guildId, userId, bytes, nanoUsd }: LedgerEntry): void {
    const key = `${day} ${guildId} ${userId}`;
    const row = this.#rows.get(key);
    if (row) {
      row.bytes += bytes;
      row.nano_usd += nanoUsd;
    } else {
      this.#rows.set(key, { day, guild_id: guildId, user_id: userId, bytes, nano_usd: nanoUsd });
    }
  }

  /** Takes out up to `most` rows, oldest first. */
  take(most: number): StoredRow[] {
    const taken = [...this.#rows].slice(0, most);
    for (const [key] of taken) this.#rows.delete(key);
    return taken.map(([, row]) => row);
  }

  /** Takes the person out of it: what was spent counts for `NOBODY`. */
  forget(userId: string): void {
    const rows = this.#rows;
    this.#rows = new Map();
    for (const row of rows.values()) {
      const { day, guild_id: guildId, user_id, bytes, nano_usd: nanoUsd } = withoutPerson(row, userId);
      this.add(day, { guildId, userId: user_id, bytes, nanoUsd });
    }
  }

  rows(): Iterable<StoredRow> {
    return this.#rows.values();
  }
}

/** The row, for `NOBODY` if it was the person's. */
export function withoutPerson(row: StoredRow, userId: string): StoredRow {
  return row.user_id === userId ? { ...row, user_id: NOBODY } : row;
}
