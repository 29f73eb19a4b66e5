import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreHeldError } from '../errors.ts';
import { whileLocked } from '../patience.ts';
import { problemOf } from '../problem-of.ts';

/** Two that start at the same moment may both be refused: each tries again for so long. */
const PATIENCE_MS = 500;
const OWNER_ONLY = 0o600;

/**
 * Holds the data for this process until it is closed or the process ends, however it ends: an exclusive lock of
 * SQLite's on a file of its own, which the system takes back.
 */
export class SqliteLock {
  readonly #file: DatabaseSync;

  private constructor(file: DatabaseSync) {
    this.#file = file;
  }

  /** Rejects with StoreHeldError if another process has it. */
  static async hold(path: string): Promise<SqliteLock> {
    try {
      closeSync(openSync(`${path}.lock`, 'a', OWNER_ONLY));
      return new SqliteLock(await whileLocked(async () => locked(`${path}.lock`), PATIENCE_MS));
    } catch (error) {
      if (problemOf(error) !== 'locked') throw error;
      throw new StoreHeldError(
        `Another Parrotfish works with ${path}: stop that one, or give this one a DATABASE_URL of its own.`,
      );
    }
  }

  /** The `application_id` of the database that was worked with last; 0: none yet. */
  get databaseId(): number {
    return Number(this.#file.prepare('pragma application_id').get()?.['application_id']);
  }

  set databaseId(id: number) {
    this.#file.exec(`pragma application_id = ${id}`);
  }

  close(): void {
    this.#file.close();
  }
}

function locked(path: string): DatabaseSync {
  const file = new DatabaseSync(path);
  try {
    // This mode keeps the lock after the transaction; the transaction takes it.
    file.exec('pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive; commit');
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
