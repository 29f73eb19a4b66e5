import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from '../../log.ts';
import { lookUp, StoreError, StoreHeldError, StoreNewerError, type StoreProblem } from '../errors.ts';
import type { Database, OpenDatabase } from './database.ts';
import { printableTrouble, problemOf } from './problem-of.ts';
import type { Tables } from './tables.ts';

// Keeps the bot's database open, SQLite or PostgreSQL, and runs the queries of the rest of the store. When the database
// fails, it reports what is wrong and tries again by itself. Change here how long it waits for a locked database.
// `problem-of.ts` finds out what an error means; `sqlite/sqlite.ts` and `postgres/postgres.ts` open the database.

/** While another program has the database locked, a query is tried again for `PATIENCE_MS`, in growing pauses. */
const PATIENCE_MS = 2_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 160;
/** While the database does not work, it is tried again and again, in pauses that grow from the first to the longest. */
const FIRST_LOOK_MS = 200;
const LONGEST_LOOK_MS = 30_000;

/** After these problems the database stays open, since it can still be read. After all others it is opened anew. */
const PASSING = {
  sqlite: new Set<StoreProblem>(['locked', 'full', 'read-only']),
  // `read-only` is not here: a PostgreSQL server that takes no writes may have handed over to another one.
  postgres: new Set<StoreProblem>(['locked', 'full']),
};

/**
 * After a failure, `problem` says what is wrong, and the database is tried or opened again in the background until it
 * works.
 */
export class Connection {
  readonly #open: OpenDatabase;
  readonly #passing: ReadonlySet<StoreProblem>;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  #database: Database | null = null;
  #problem: StoreProblem | null = null;
  #look: NodeJS.Timeout | undefined;
  #looks = 0;
  #opening: Promise<void> = Promise.resolve();
  #reopened = false;
  /**
   * Called when the database can be written again after a problem. With `reopened` it was opened anew meanwhile, and so
   * its content may be another one: a copy may have been put in its place.
   */
  onWell: (how: { readonly reopened: boolean }) => void = () => {};

  /**
   * Called with a database that was opened anew, before anything else is read there or written. When it rejects, the
   * database is not used, and is opened again later.
   */
  onReopened: (db: Kysely<Tables>) => Promise<void> = () => Promise.resolve();

  /**
   * Called once when the database is opened anew and this process may not use it any more: another process has it, or
   * a later version has written it.
   */
  onRefused: (error: StoreHeldError | StoreNewerError) => void = () => {};

  /** Opens nothing yet; `start` does. */
  constructor(kind: 'sqlite' | 'postgres', open: OpenDatabase, log: Logger) {
    this.#open = open;
    this.#passing = PASSING[kind];
    this.#log = log;
  }

  /** What is wrong with the database now; null while it works. */
  get problem(): StoreProblem | null {
    return this.#problem;
  }

  /**
   * Opens the database. Rejects with StoreHeldError or StoreNewerError. After any other failure it resolves, `problem`
   * says what is wrong, and the database is tried again in the background.
   */
  async start(): Promise<void> {
    await this.#reopen();
  }

  /** Runs `task`, which only reads, and returns its result. Rejects with StoreError. */
  read<T>(task: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return lookUp(() => this.#do(task, performance.now() + PATIENCE_MS));
  }

  /**
   * Runs `task` in one transaction. While another program has the database locked, the task is run again, until two
   * seconds after `since` (a time of `performance.now()`). Rejects with StoreError, and then nothing was written. There
   * is one exception: if PostgreSQL is lost while it commits, nobody knows whether it has written.
   */
  async write<T>(task: (db: Kysely<Tables>) => Promise<T>, since = performance.now()): Promise<T> {
    const result = await this.#do(db => db.transaction().execute(task), since + PATIENCE_MS);
    await this.#database?.written();
    this.#well();
    return result;
  }

  /** Tries a database that does not work again at once, since it is likely to work by now. */
  tryAgain(): void {
    if (!this.#look) return;
    clearTimeout(this.#look);
    this.#look = undefined;
    this.#looks = 0;
    this.#lookLater();
  }

  /** Makes the copies of the database that are due. Never rejects. */
  async maintain(): Promise<void> {
    await this.#database?.maintain();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#look);
    await this.#opening;
    await this.#drop();
  }

  async #do<T>(task: (db: Kysely<Tables>) => Promise<T>, deadline: number): Promise<T> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const database = this.#database;
      if (!database) throw new StoreError(this.#problem ?? 'unknown');
      try {
        return await task(database.db);
      } catch (error) {
        const problem = problemOf(error);
        const present = this.#database === database;
        const again = present ? problem === 'locked' : this.#database !== null;
        if (!again || performance.now() + pause > deadline) {
          if (!present) throw new StoreError(this.#problem ?? problem); // its failure is known already
          this.#trouble(error);
          throw new StoreError(problem);
        }
      }
      await sleep(pause);
    }
  }

  async #reopen(): Promise<void> {
    // A database that can only be read stays open until a better one is open.
    if (this.#database?.problem === null) await this.#drop();
    let database: Database | undefined;
    const lost = () => {
      if (database && this.#database === database) this.#trouble(new StoreError('unreachable'));
    };
    try {
      database = await this.#open(lost, this.#closing.signal);
      await this.onReopened(database.db);
    } catch (error) {
      await database?.close();
      if (error instanceof StoreHeldError || error instanceof StoreNewerError) throw error;
      return this.#trouble(error);
    }
    await this.#drop();
    this.#database = database;
    this.#reopened = true;
    if (this.#closing.signal.aborted) await this.#drop();
    else if (database.problem !== null) this.#trouble(new StoreError(database.problem));
    else await this.#beat();
  }

  /** Writes a time into the table `pulse`, which shows whether the database can be written. */
  async #beat(): Promise<void> {
    const at = Date.now();
    await this.write(db =>
      db
        .insertInto('pulse')
        .values({ id: 1, at })
        .onConflict(conflict => conflict.column('id').doUpdateSet({ at }))
        .execute(),
    ).catch(() => undefined); // `write` has noted the problem, and the database will be tried again
  }

  async #drop(): Promise<void> {
    const database = this.#database;
    this.#database = null;
    await database?.close();
  }

  #well(): void {
    this.#looks = 0;
    const before = this.#problem;
    if (before === null) return;
    clearTimeout(this.#look);
    this.#look = undefined;
    this.#problem = null;
    this.#log.info({ problem: before }, 'the database works again');
    const reopened = this.#reopened;
    this.#reopened = false;
    this.onWell({ reopened });
  }

  #trouble(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const problem = problemOf(error);
    if (problem !== this.#problem)
      this.#log.error(
        { problem, ...printableTrouble(error) },
        'the database does not work: going on from memory, and trying again; the doctor looks at DATABASE_URL',
      );
    this.#problem = problem;
    if (this.#database?.problem === null && !this.#passing.has(problem)) void this.#drop();
    this.#lookLater();
  }

  #lookLater(): void {
    if (this.#look) return;
    const pause = Math.min(FIRST_LOOK_MS * 2 ** this.#looks, LONGEST_LOOK_MS);
    this.#looks += 1;
    this.#look = setTimeout(() => {
      this.#look = undefined;
      this.#opening = this.#opening
        .then(() => (this.#database?.problem === null ? this.#beat() : this.#reopen()))
        .catch((error: unknown) => this.#failed(error));
    }, pause).unref();
  }

  #failed(error: unknown): void {
    this.#trouble(error);
    if (!(error instanceof StoreHeldError || error instanceof StoreNewerError)) return;
    if (!this.#closing.signal.aborted) this.onRefused(error);
    this.onRefused = () => {};
  }
}
