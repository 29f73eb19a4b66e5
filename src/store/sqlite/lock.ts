import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { problemOf } from '../database/problem-of.ts';
import { StoreHeldError } from '../errors.ts';
import { whileLocked } from './patience.ts';

// Makes sure that only one process of the bot uses an SQLite database: a second one ends with a message for the
// operator.

/** How long each of two processes that start at the same moment tries again, since both may be refused. */
const PATIENCE_MS = 500;
const OWNER_ONLY = 0o600;

/**
 * Holds SQLite's exclusive lock on a small file of its own beside the database, until `close` or the end of the
 * process: the operating system releases the lock however the process ends.
 */
export class SqliteLock {
  readonly #file: DatabaseSync;

  private constructor(file: DatabaseSync) {
    this.#file = file;
  }

  /** Takes the lock of the database at `path`. Rejects with StoreHeldError if another process has it. */
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

  /**
   * The `application_id` of the database that was used last, which is kept in the lock's file; 0 when there was none.
   */
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
    // The empty transaction takes the lock, and the locking mode `exclusive` keeps it after the transaction.
    file.exec('pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive; commit');
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
