import postgres, { type Sql } from 'postgres';
import { inTime } from '../deadline.ts';
import { StoreError } from '../errors.ts';

/** A line that does not come about, or an answer that does not come, in so long will not. */
const CONNECT_SECONDS = 3;
const ANSWER_MS = 4_000;
const KEEP_ALIVE_SECONDS = 15;

/** Of PostgreSQL's sessions; milliseconds. It gives up before we do, so that we know how it ended. */
const SESSION = { statement_timeout: 3_000, lock_timeout: 500, idle_in_transaction_session_timeout: 10_000 };
/** It sees within half a minute that the other side is gone without a word, and gives its locks back; seconds. */
const KEEP_ALIVE = { tcp_keepalives_idle: 15, tcp_keepalives_interval: 5, tcp_keepalives_count: 3 };

/** PostgreSQL has these as text; all of ours are far below 2^53. */
const TYPES = {
  int8: { to: 20, from: [20], parse: Number, serialize: String },
  numeric: { to: 1700, from: [1700], parse: Number, serialize: String },
};

/** One connection to PostgreSQL. It is made with the first query, and once lost it stays lost. */
export class PostgresLine {
  readonly #sql: Sql;
  readonly #patient: boolean;
  readonly #onLost: () => void;
  #lost = false;

  /** With `patient` a query may take as long as it does. `onLost` is called once if it is lost before `end`. */
  constructor(url: string, { patient = false, onLost = () => {} } = {}) {
    this.#patient = patient;
    this.#onLost = onLost;
    this.#sql = postgres(url, {
      max: 1,
      max_lifetime: null, // else it ends in the middle of a transaction
      connect_timeout: CONNECT_SECONDS,
      keep_alive: KEEP_ALIVE_SECONDS,
      fetch_types: false,
      types: TYPES,
      connection: { application_name: 'parrotfish', ...KEEP_ALIVE, ...(patient ? {} : SESSION) },
      onnotice: () => {}, // the default prints them
      onclose: () => this.#lose(),
    }) as Sql;
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Rejects with what PostgreSQL or the socket says, or with StoreError when there is no answer. */
  async query<T>(query: string, parameters: readonly unknown[]): Promise<T> {
    // postgres.js would begin anew: outside of the transaction that was begun.
    if (this.#lost) throw new StoreError('unreachable');
    try {
      const answer = this.#sql.unsafe(
        query,
        [...parameters] as never[],
        { prepare: true, simple: false } as never,
      );
      return (await (this.#patient ? answer : inTime(answer, ANSWER_MS))) as T;
    } catch (error) {
      // What PostgreSQL itself says leaves the line as it was, unless it ends it.
      if (error instanceof postgres.PostgresError && error.severity !== 'FATAL') throw error;
      this.#lose();
      this.end();
      throw error;
    }
  }

  /** Ends it at once; what was asked rejects. */
  end(): void {
    this.#lost = true;
    void this.#sql.end({ timeout: 0 });
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#onLost();
  }
}
