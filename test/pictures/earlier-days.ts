import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { removeFolder } from '../sandbox/folder.ts';
import type { World } from '../sandbox/world.ts';

const DAY_MS = 86_400_000;
const NANO_USD_PER_BYTE = 15_000;
/** What Ana, Ben and Kenji had said on each of the days before today, in bytes; the last is yesterday. */
const SPOKEN = [
  [2_310, 940, 610],
  [1_480, 1_260, 0],
  [3_120, 1_930, 1_140],
  [690, 0, 420],
  [4_870, 2_640, 1_730],
  [5_930, 3_380, 1_260],
] as const;

/** A database for the bot in which a week has already passed, so that `/usage` has something to show. */
export class EarlierDays implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'parrotfish-pictures-'));
  readonly #path = join(this.#folder, 'parrotfish.db');

  /** The `DATABASE_URL` of the bot. */
  get url(): string {
    return `file:${this.#path}`;
  }

  /** Writes the days before today, once the bot has made its tables. */
  write({ guild, ana, ben, kenji }: World): void {
    const database = new DatabaseSync(this.#path, { timeout: 5_000 });
    const row = database.prepare(
      'insert into ledger (day, guild_id, user_id, bytes, nano_usd) values (?, ?, ?, ?, ?)',
    );
    for (const [index, day] of SPOKEN.entries()) {
      const date = new Date(Date.now() - (SPOKEN.length - index) * DAY_MS).toISOString().slice(0, 10);
      for (const [whose, bytes] of day.entries())
        row.run(date, guild.id, [ana, ben, kenji][whose]!.id, bytes, bytes * NANO_USD_PER_BYTE);
    }
    database.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeFolder(this.#folder);
  }
}
