import type { PostgresJSPendingQuery, PostgresJSReservedSql, PostgresJSSql } from 'kysely-postgres-js';
import { PostgresConnection } from './connection.ts';

// The few connections to PostgreSQL over which the store's queries run, handed out one at a time. Change here how many.
// `connection.ts` is a single one.

/** The most open connections. After a start many guilds are read at the same time; saves run one by one. */
const MAX_CONNECTIONS = 8;

/**
 * Replaces the pool of postgres.js, which Kysely would use otherwise: when one of its reserved connections is lost,
 * that pool goes on with another one in the middle of a transaction, or throws where nobody can catch the error.
 */
export class PostgresPool implements PostgresJSSql {
  readonly options = {};
  readonly #open: () => PostgresConnection;
  readonly #connections = new Set<PostgresConnection>();
  readonly #idle: PostgresConnection[] = [];
  readonly #waiting: ((connection: PostgresConnection) => void)[] = [];
  #ended = false;

  constructor(open: () => PostgresConnection) {
    this.#open = open;
  }

  /** A connection for one transaction or query; the caller has to release it. Waits while all are in use. */
  async reserve(): Promise<PostgresJSReservedSql> {
    const connection = await this.#take();
    return {
      unsafe(query, parameters = []) {
        const answer = query === 'rollback' ? rollBack(connection) : connection.query(query, parameters);
        return Object.assign(answer, { cancel: () => connection.end() }) as PostgresJSPendingQuery;
      },
      release: () => this.#release(connection),
    };
  }

  /** Ends all connections at once. Whoever waits for one gets one that is lost. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const connection of this.#connections) connection.end();
  }

  async #take(): Promise<PostgresConnection> {
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (!connection.lost) return connection;
      this.#connections.delete(connection);
    }
    if (this.#connections.size < MAX_CONNECTIONS) return this.#another();
    return await new Promise(resolve => this.#waiting.push(resolve));
  }

  #release(connection: PostgresConnection): void {
    const next = this.#waiting.shift();
    if (connection.lost) this.#connections.delete(connection);
    if (next) next(connection.lost ? this.#another() : connection);
    else if (!connection.lost) this.#idle.push(connection);
  }

  #another(): PostgresConnection {
    const connection = this.#open();
    if (this.#ended) connection.end();
    this.#connections.add(connection);
    return connection;
  }
}

/**
 * Rolls a transaction back. When the connection is lost, the transaction has ended with it: then this does not fail,
 * since its error would hide the one because of which the transaction failed.
 */
async function rollBack(connection: PostgresConnection): Promise<unknown> {
  try {
    return await connection.query('rollback', []);
  } catch (error) {
    if (!connection.lost) throw error;
    return Object.assign([], { command: 'ROLLBACK', count: 0 });
  }
}
