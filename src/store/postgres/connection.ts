import postgres, { type Sql } from 'postgres';
import { inTime } from '../database/in-time.ts';
import { StoreError } from '../errors.ts';
import { addressOptions } from './address.ts';

// One connection to PostgreSQL, with time-outs short enough that the bot soon notices when the server is gone. Change
// the time-outs here. `pool.ts` keeps several of them for queries; `listener.ts` and `shard-locks.ts` have their own.

/** A connection that is not made, or an answer that has not come, within these times is given up. */
const CONNECT_SECONDS = 3;
const ANSWER_MS = 4_000;
const KEEP_ALIVE_SECONDS = 15;
/** How often a query is sent over a connection that is `watched`, so that its loss is noticed soon. */
const ASK_MS = 10_000;

/**
 * Limits of a PostgreSQL session, in ms. They are shorter than `ANSWER_MS`, so that PostgreSQL says how a query ended.
 */
const SESSION = { statement_timeout: 3_000, lock_timeout: 500, idle_in_transaction_session_timeout: 10_000 };
/**
 * In seconds. With these PostgreSQL notices within half a minute that this process has vanished, and releases its
 * locks.
 */
const KEEP_ALIVE = { tcp_keepalives_idle: 15, tcp_keepalives_interval: 5, tcp_keepalives_count: 3 };

/** PostgreSQL sends these types as text. They are read as numbers, since all of ours are far below 2^53. */
const TYPES = {
  int8: { to: 20, from: [20], parse: Number, serialize: String },
  numeric: { to: 1700, from: [1700], parse: Number, serialize: String },
};

export interface PostgresConnectionOptions {
  /** With `patient`, a query may take any time. */
  readonly patient?: boolean;
  /** Called once if the connection is lost before `end`. */
  readonly onLost?: () => void;
  /** With `watched`, it is also noticed within seconds that the connection is lost while nobody sends a query. */
  readonly watched?: boolean;
  /** Called with each notification that the connection listens for. */
  readonly onNotify?: (channel: string, payload: string) => void;
  /** The name under which PostgreSQL lists the session. */
  readonly name?: string;
  /** Settings of the session, over the usual ones. */
  readonly session?: Readonly<Record<string, number>>;
}

/** One connection to PostgreSQL. It is made with the first query. Once it is lost, it stays lost. */
export class PostgresConnection {
  readonly #sql: Sql;
  readonly #patient: boolean;
  readonly #onLost: () => void;
  readonly #asking: NodeJS.Timeout | undefined;
  #lost = false;

  constructor(
    url: string,
    {
      patient = false,
      onLost = () => {},
      watched = false,
      onNotify,
      name = 'parrotfish',
      session = {},
    }: PostgresConnectionOptions = {},
  ) {
    this.#patient = patient;
    this.#onLost = onLost;
    const address = addressOptions(url);
    const options = {
      ...address,
      max: 1,
      max_lifetime: null, // with a limit, it could end in the middle of a transaction
      connect_timeout: CONNECT_SECONDS,
      keep_alive: KEEP_ALIVE_SECONDS,
      fetch_types: false,
      types: TYPES,
      connection: {
        application_name: name,
        ...KEEP_ALIVE,
        ...(patient ? {} : SESSION),
        ...session,
        ...address.connection,
      },
      onnotice: () => {}, // without this, notices would be printed
      // The library uses this option for its own `listen`, which would open a further connection. Its types lack it.
      ...(onNotify && { onnotify: onNotify }),
      onclose: () => this.#lose(),
    };
    this.#sql = postgres(options as object); // the types of the library lack lists of hosts
    if (watched)
      this.#asking = setInterval(() => {
        this.query('select 1', []).catch(() => undefined); // a lost connection calls `onLost`
      }, ASK_MS).unref();
  }

  get lost(): boolean {
    return this.#lost;
  }

  /**
   * Sends a query and resolves with its rows. Rejects with the error of PostgreSQL or of the socket, or with StoreError
   * when there is no answer.
   */
  async query<T>(query: string, parameters: readonly unknown[]): Promise<T> {
    // A lost connection must not be used: postgres.js would make a new one, outside of the transaction that was begun.
    if (this.#lost) throw new StoreError('unreachable');
    try {
      const answer = this.#sql.unsafe(
        query,
        [...parameters] as never[],
        { prepare: true, simple: false } as never,
      );
      return (await (this.#patient ? answer : inTime(answer, ANSWER_MS))) as T;
    } catch (error) {
      // After an error that PostgreSQL itself reports the connection can still be used, unless the error is fatal.
      if (error instanceof postgres.PostgresError && error.severity !== 'FATAL') throw error;
      this.#lose();
      this.end();
      throw error;
    }
  }

  /** Ends the connection at once. Queries that have no answer yet reject. */
  end(): void {
    this.#lost = true;
    clearInterval(this.#asking);
    void this.#sql.end({ timeout: 0 });
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    clearInterval(this.#asking);
    this.#onLost();
  }
}
