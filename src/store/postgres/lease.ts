import { setTimeout as sleep } from 'node:timers/promises';
import { StoreHeldError } from '../errors.ts';
import { PostgresLine } from './line.ts';

/** PostgreSQL may not have noticed yet that the process before us has ended. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 100;
/** A line that is asked so often cannot be dead for long without our knowing. */
const ASK_MS = 10_000;

/** The lease is a lock of the session's, which PostgreSQL gives back however the session ends. */
export class PostgresLease {
  readonly #line: PostgresLine;
  readonly #asking: NodeJS.Timeout;

  private constructor(line: PostgresLine) {
    this.#line = line;
    this.#asking = setInterval(() => {
      line.query('select 1', []).catch(() => undefined); // the line knows, and tells
    }, ASK_MS).unref();
  }

  /** Takes the lease of that name; `onLost` is called if it is gone before `end`. Rejects with StoreHeldError. */
  static async take(url: string, name: string, onLost: () => void): Promise<PostgresLease> {
    const line = new PostgresLine(url, { onLost });
    try {
      const deadline = performance.now() + PATIENCE_MS;
      while (!(await tryLock(line, name))) {
        if (performance.now() > deadline)
          throw new StoreHeldError(
            'Another Parrotfish with the same token works with this database: stop that one first.',
          );
        await sleep(PAUSE_MS);
      }
      return new PostgresLease(line);
    } catch (error) {
      line.end();
      throw error;
    }
  }

  get lost(): boolean {
    return this.#line.lost;
  }

  end(): void {
    clearInterval(this.#asking);
    this.#line.end();
  }
}

async function tryLock(line: PostgresLine, name: string): Promise<boolean> {
  const [row] = await line.query<{ held: boolean }[]>(
    "select pg_try_advisory_lock(hashtextextended('parrotfish ' || $1::text, 0)) as held",
    [name],
  );
  return row?.held ?? false;
}
