import type { Kysely } from 'kysely';
import type { StoreProblem } from '../errors.ts';
import type { Tables } from './tables.ts';

// What `connection.ts` needs of an open database, whichever it is. `sqlite/sqlite.ts` and `postgres/postgres.ts`
// provide it.

/** An open database, SQLite or PostgreSQL, that has the tables of this version of the code. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Null when it works; else what is wrong with it although it can be read, such as `read-only`. */
  readonly problem: StoreProblem | null;
  /**
   * Call this after each transaction. It writes opt-outs and deletions to a place beside the database, so that they
   * still hold after an older copy of the database was restored. Never rejects.
   */
  written(): Promise<void>;
  /** Makes the copies of the database that are due. Never rejects. */
  maintain(): Promise<void>;
  /** Ends whatever it is doing, and closes the database. Never rejects. */
  close(): Promise<void>;
}

/**
 * Opens the database. `lost` is called once if the database is lost later while no query is running. `signal` ends
 * whatever is going on, the opening included. Rejects with StoreHeldError, StoreNewerError, StoreError, or the
 * error of the database or of the operating system.
 */
export type OpenDatabase = (lost: () => void, signal: AbortSignal) => Promise<Database>;
