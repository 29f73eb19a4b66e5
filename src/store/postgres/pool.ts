import type { PostgresJSPendingQuery, PostgresJSReservedSql, PostgresJSSql } from 'kysely-postgres-js';
import { PostgresLine } from './line.ts';

/** Many servers are read at once after a start; saves come one by one. */
const MAX_LINES = 8;

/**
 * The connections that Kysely works with. Not those of postgres.js: a reserved one that is lost there goes on as
 * another one, in the middle of a transaction, or throws where nobody can catch it.
 */
export class PostgresPool implements PostgresJSSql {
  readonly options = {};
  readonly #open: () => PostgresLine;
  readonly #lines = new Set<PostgresLine>();
  readonly #idle: PostgresLine[] = [];
  readonly #waiting: ((line: PostgresLine) => void)[] = [];
  #ended = false;

  constructor(open: () => PostgresLine) {
    this.#open = open;
  }

  async reserve(): Promise<PostgresJSReservedSql> {
    const line = await this.#take();
    return {
      unsafe(query, parameters = []) {
        const answer = query === 'rollback' ? rollBack(line) : line.query(query, parameters);
        return Object.assign(answer, { cancel: () => line.end() }) as PostgresJSPendingQuery;
      },
      release: () => this.#release(line),
    };
  }

  /** Ends all lines at once; whoever waits for one gets one that is lost. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const line of this.#lines) line.end();
  }

  async #take(): Promise<PostgresLine> {
    for (let line = this.#idle.pop(); line; line = this.#idle.pop()) {
      if (!line.lost) return line;
      this.#lines.delete(line);
    }
    if (this.#lines.size < MAX_LINES) return this.#another();
    return await new Promise(resolve => this.#waiting.push(resolve));
  }

  #release(line: PostgresLine): void {
    const next = this.#waiting.shift();
    if (line.lost) this.#lines.delete(line);
    if (next) next(line.lost ? this.#another() : line);
    else if (!line.lost) this.#idle.push(line);
  }

  #another(): PostgresLine {
    const line = this.#open();
    if (this.#ended) line.end();
    this.#lines.add(line);
    return line;
  }
}

/** A transaction ends with its line; that it cannot be ended otherwise would hide why it failed. */
async function rollBack(line: PostgresLine): Promise<unknown> {
  try {
    return await line.query('rollback', []);
  } catch (error) {
    if (!line.lost) throw error;
    return Object.assign([], { command: 'ROLLBACK', count: 0 });
  }
}
