import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import type { Database, OpenDatabase } from './database.ts';
import { StoreError, StoreHeldError, StoreNewerError, type StoreProblem } from './errors.ts';
import { printableTrouble, problemOf } from './problem-of.ts';
import type { Tables } from './tables.ts';

/** A locked database is tried again for so long; the pauses grow from the first to the longest. */
const PATIENCE_MS = 2_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 160;
/** After trouble the database is looked after in pauses that grow from the first to the longest. */
const FIRST_LOOK_MS = 200;
const LONGEST_LOOK_MS = 30_000;

/** These leave a database open: it can be read, and may work again as it is. After others it is opened anew. */
const PASSING = {
  sqlite: new Set<StoreProblem>(['locked', 'full', 'read-only']),
  // A server that takes no writes may have handed over to another one.
  postgres: new Set<StoreProblem>(['locked', 'full']),
};

/** The database, open or not, and its way back to health. */
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
  /** Called when the database can be written again after trouble; `reopened`: it may be another one than before. */
  onWell: (how: { readonly reopened: boolean }) => void = () => {};

  /** Does nothing yet, see `start`. */
  constructor(kind: 'sqlite' | 'postgres', open: OpenDatabase, log: Logger) {
    this.#open = open;
    this.#passing = PASSING[kind];
    this.#log = log;
  }

  get problem(): StoreProblem | null {
    return this.#problem;
  }

  /** Opens the database. Rejects with StoreHeldError or StoreNewerError; other trouble is `problem`, and is looked after. */
  async start(): Promise<void> {
    await this.#reopen();
  }

  /** Does `task`, which reads. Rejects with StoreError. */
  read<T>(task: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#do(task, performance.now() + PATIENCE_MS);
  }

  /**
   * Does `task` in one transaction, anew if somebody else holds the database, for two seconds from `since`
   * (of `performance.now()`). Rejects with StoreError, and then nothing of it was written; but when PostgreSQL was
   * lost at the very end, nobody knows.
   */
  async write<T>(task: (db: Kysely<Tables>) => Promise<T>, since = performance.now()): Promise<T> {
    const result = await this.#do(db => db.transaction().execute(task), since + PATIENCE_MS);
    await this.#database?.written();
    this.#well();
    return result;
  }

  /** Never rejects. */
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
          if (!present) throw new StoreError(this.#problem ?? problem); // that one is known already
          this.#trouble(error);
          throw new StoreError(problem);
        }
      }
      await sleep(pause);
    }
  }

  async #reopen(): Promise<void> {
    // One that can only be read serves until there is a better one.
    if (this.#database?.problem === null) await this.#drop();
    let database: Database | undefined;
    const lost = () => {
      if (database && this.#database === database) this.#trouble(new StoreError('unreachable'));
    };
    try {
      database = await this.#open(lost, this.#closing.signal);
    } catch (error) {
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

  /** Finds out whether the database can be written. */
  async #beat(): Promise<void> {
    const at = Date.now();
    await this.write(db =>
      db
        .insertInto('pulse')
        .values({ id: 1, at })
        .onConflict(conflict => conflict.column('id').doUpdateSet({ at }))
        .execute(),
    ).catch(() => undefined); // the trouble is known, and looked after
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
        'the database does not work: going on from memory, and trying again',
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
        .catch((error: unknown) => this.#trouble(error));
    }, pause).unref();
  }
}
