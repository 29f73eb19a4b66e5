import { PostgresConnection } from './connection.ts';

// Notices that PostgreSQL is gone even while nobody needs it, so that the bot reports it and connects again soon.

/** A query is sent so often, so that a dead connection is noticed soon. */
const ASK_MS = 10_000;

export class PostgresWatch {
  readonly #connection: PostgresConnection;
  readonly #asking: NodeJS.Timeout;

  private constructor(connection: PostgresConnection) {
    this.#connection = connection;
    this.#asking = setInterval(() => {
      connection.query('select 1', []).catch(() => undefined); // a lost connection calls `onLost`
    }, ASK_MS).unref();
  }

  /**
   * Connects, and calls `onLost` if the connection is lost before `end`. Rejects with the error of PostgreSQL or of the
   * socket.
   */
  static async start(url: string, onLost: () => void): Promise<PostgresWatch> {
    const connection = new PostgresConnection(url, { onLost });
    try {
      await connection.query('select 1', []);
      return new PostgresWatch(connection);
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
