import { Kysely, sql } from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import type { Logger } from '../../log.ts';
import type { Database } from '../database/database.ts';
import { migrate, missingMigration } from '../database/migrate.ts';
import type { Tables } from '../database/tables.ts';
import { StoreError } from '../errors.ts';
import { PostgresConnection } from './connection.ts';
import { dropLeftovers } from './leftovers.ts';
import { PostgresPool } from './pool.ts';
import { fulfilKeptWishes, refuseOlderDump } from './wishes.ts';

// Opens a PostgreSQL database for the store, and brings its tables up to date. `sqlite/sqlite.ts` is the same for
// SQLite; `database/connection.ts` calls one of the two again whenever the database was lost.

export interface PostgresOptions {
  readonly url: string;
  /** Called once if PostgreSQL is lost later while no query is running. */
  readonly lost: () => void;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Opens the PostgreSQL database, in which several processes may work at once. A database that takes no writes (a
 * standby) is opened for reading, if it lacks none of the kept wishes. Rejects with StoreNewerError, StoreError, or the
 * error of PostgreSQL or of the socket.
 */
export async function openPostgres({ url, lost, signal, log }: PostgresOptions): Promise<Database> {
  const db = kyselyOver(() => new PostgresConnection(url));
  // It notices that PostgreSQL is gone even while nobody needs it, so that the bot reports it and connects again soon.
  let watch: PostgresConnection | undefined;
  const close = async () => {
    watch?.end();
    await db.destroy();
  };
  try {
    const readOnly = await takesNoWrites(db);
    if (readOnly) {
      if ((await missingMigration(db)) !== undefined) throw new StoreError('read-only');
      await refuseOlderDump(db);
    } else {
      watch = new PostgresConnection(url, { onLost: lost, watched: true });
      await watch.query('select 1', []); // which makes the connection
      await migratePatiently(url, signal, log);
      await fulfilKeptWishes(db, log);
    }
    signal.throwIfAborted();
    if (watch?.lost) throw new StoreError('unreachable');
    return {
      db,
      problem: readOnly ? 'read-only' : null,
      written: () => Promise.resolve(),
      maintain: () => Promise.resolve(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A database over connections that `open` makes. */
export function kyselyOver(open: () => PostgresConnection): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresJSDialect({ postgres: () => new PostgresPool(open) }) });
}

/** Whether the server, or the user's rights on it, allow reading alone. Rejects with the error of PostgreSQL. */
export async function takesNoWrites(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ no: boolean }>`
    select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as no
  `.execute(db);
  return rows[0]?.no ?? false;
}

/** Makes the migrations without a time limit: one may take long, or may wait for the migration of another process. */
async function migratePatiently(url: string, signal: AbortSignal, log: Logger): Promise<void> {
  const connections: PostgresConnection[] = [];
  const end = () => {
    for (const connection of connections) connection.end();
  };
  const db = kyselyOver(() => {
    const connection = new PostgresConnection(url, { patient: true });
    connections.push(connection);
    return connection;
  });
  signal.addEventListener('abort', end);
  try {
    await migrate(db, true, (present, migration) => dropLeftovers(present, migration, log));
  } finally {
    signal.removeEventListener('abort', end);
    await db.destroy();
  }
}
