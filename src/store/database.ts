import type { Kysely } from 'kysely';
import type { StoreProblem } from './errors.ts';
import type { Tables } from './tables.ts';

/** An open database with this code's tables. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** What is wrong with it although it can be read, such as `read-only`. */
  readonly problem: StoreProblem | null;
  /** Called after each transaction: what must outlive a restored copy is written beside the database. Never rejects. */
  written(): Promise<void>;
  /** Makes the copies that are due. Never rejects. */
  maintain(): Promise<void>;
  /** Ends what is under way. Never rejects. */
  close(): Promise<void>;
}

/**
 * Opens the database; `lost` is called once if it is gone later without anybody having asked for something, and
 * `signal` ends whatever is under way, opening too. Rejects with StoreHeldError, StoreNewerError, or what the
 * database or the system says.
 */
export type OpenDatabase = (lost: () => void, signal: AbortSignal) => Promise<Database>;
