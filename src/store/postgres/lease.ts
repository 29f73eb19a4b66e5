import { setTimeout as sleep } from 'node:timers/promises';
import { StoreHeldError } from '../errors.ts';
import { PostgresConnection } from './connection.ts';

/** The lease is asked for again for so long: PostgreSQL may not have noticed yet that a former process has ended. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 100;
/** A query is sent so often, so that a dead connection is noticed soon. */
const ASK_MS = 10_000;

/**
 * Makes sure that only one process of a bot uses the database. The lease is an advisory lock of a PostgreSQL session,
 * which PostgreSQL releases however the session ends.
 */
export class PostgresLease {
  readonly #connection: PostgresConnection;
  readonly #asking: NodeJS.Timeout;

  private constructor(connection: PostgresConnection) {
    this.#connection = connection;
    this.#asking = setInterval(() => {
      connection.query('select 1', []).catch(() => undefined); // a lost connection calls `onLost`
    }, ASK_MS).unref();
  }

  /** Takes the lease of that name. `onLost` is called if it is lost before `end`. Rejects with StoreHeldError. */
  static async take(url: string, name: string, onLost: () => void): Promise<PostgresLease> {
    const connection = new PostgresConnection(url, { onLost });
    try {
      const deadline = performance.now() + PATIENCE_MS;
      while (!(await tryLock(connection, name))) {
        if (performance.now() > deadline)
          throw new StoreHeldError(
            'Another Parrotfish with the same token works with this database: stop that one first.',
          );
        await sleep(PAUSE_MS);
      }
      return new PostgresLease(connection);
    } catch (error) {
      connection.end();
      throw error;
    }
  }

  get lost(): boolean {
    return this.#connection.lost;
  }

  end(): void {
    clearInterval(this.#asking);
    this.#connection.end();
  }
}

async function tryLock(connection: PostgresConnection, name: string): Promise<boolean> {
  const [row] = await connection.query<{ held: boolean }[]>(
    "select pg_try_advisory_lock(hashtextextended('parrotfish ' || $1::text, 0)) as held",
    [name],
  );
  return row?.held ?? false;
}
