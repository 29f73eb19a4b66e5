import { randomInt } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Kysely, sql } from 'kysely';
import { errorCode } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Database } from '../database/database.ts';
import { migrate, missingMigration } from '../database/migrate.ts';
import { problemOf } from '../database/problem-of.ts';
import type { Tables } from '../database/tables.ts';
import { StoreError, StoreHeldError, StoreNewerError, type StoreProblem } from '../errors.ts';
import { refuseOlderCopy } from '../people/wishes.ts';
import { SqliteCopies } from './copies.ts';
import { NodeSqliteDialect } from './dialect.ts';
import { SqliteLock } from './lock.ts';
import { whileLocked } from './patience.ts';
import { recoverSqlite } from './recovery.ts';
import { lastNumberBeside, WishFile } from './wishes.ts';

// Opens the SQLite database of the store.

/**
 * SQLite itself never waits for a lock, since that would block the event loop and with it everybody's speech. The class
 * `Connection` tries again instead.
 */
const BUSY_TIMEOUT_MS = 0;
/**
 * With a write-ahead log, a commit survives the end of the process as soon as it is made. With `full` it would survive
 * a power cut too, but each commit would wait for the disk and block the event loop, which everybody would hear. So a
 * power cut may lose what was saved in the last seconds, and never more.
 */
const SYNCHRONOUS = 'normal';
/**
 * How many pages of 4 KiB the write-ahead log collects before SQLite moves them into the file. That waits for
 * the disk, and so it should happen seldom.
 */
const PAGES_A_CHECKPOINT = 4_000;
/**
 * How long a locked file is tried again. A process that has just ended may have left a child that still copies it.
 */
const PATIENCE_MS = 2_000;
const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const MAX_ID = 2 ** 31;
/** Why a database that cannot be written is not read either. */
const EARLIER_TABLES = 'it was written by an earlier version, and has to be brought up to date first';
const NO_WISHES =
  'the file of opt-outs and deletions cannot be read, so nobody knows whether this is an older copy: nothing is read';

export interface SqliteOptions {
  readonly log: Logger;
  /** The present time, in epoch milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Opens the database at `path`, or makes it when there is none. A damaged database is restored from a copy. One that
 * cannot be written is opened for reading, if it has all opt-outs and deletions that are known. Rejects with
 * StoreHeldError, StoreNewerError, StoreError, or the error of SQLite or of the file system.
 */
export async function openSqlite(path: string, options: SqliteOptions): Promise<Database> {
  try {
    return await openWritable(path, options);
  } catch (error) {
    const problem = problemOf(error);
    const final = error instanceof StoreHeldError || error instanceof StoreNewerError;
    if (final || !(problem === 'read-only' || problem === 'full')) throw error;
    return await openReadable(path, problem).catch((failure: unknown) => {
      throw failure instanceof StoreError ? failure : error;
    });
  }
}

/**
 * Makes a directory and those above it that are missing. The option `recursive` of `mkdirSync` does that too, but it
 * never ends where no directory can be made, such as under `/proc`.
 */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: OWNER_ONLY_DIRECTORY });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error; // another process has made it meanwhile
  }
}

async function openWritable(path: string, options: SqliteOptions): Promise<Database> {
  makeDirectory(dirname(path));
  const lock = await SqliteLock.hold(path);
  try {
    const { log, now, signal } = options;
    const copies = new SqliteCopies(path, log, now);
    await recoverSqlite({ ...options, path, lock, copies });
    const db = await whileLocked(() => openFile(path, lock, copies, signal), PATIENCE_MS);
    const wishes = await WishFile.open({ path, db, log, now }).catch(async (error: unknown) => {
      await db.destroy();
      throw error;
    });
    const closing = new AbortController();
    let copying = Promise.resolve();
    return {
      db,
      problem: null,
      written: () => wishes.append(),
      maintain: () =>
        (copying = copying.then(async () => {
          await copies.makeDue(closing.signal);
          wishes.compact();
        })),
      async close() {
        closing.abort();
        await copying;
        await db.destroy();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

async function openFile(
  path: string,
  lock: SqliteLock,
  copies: SqliteCopies,
  signal: AbortSignal,
): Promise<Kysely<Tables>> {
  closeSync(openSync(path, 'a', OWNER_ONLY)); // SQLite gives the write-ahead log the same permissions
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    lock.databaseId = idOf(database);
    database.exec(
      `pragma journal_mode = wal; pragma synchronous = ${SYNCHRONOUS}; pragma wal_autocheckpoint = ${PAGES_A_CHECKPOINT}`,
    );
    const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
    await migrateAlone(db, name => copies.make(`before-${name}`, signal));
    return db;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The id of the file, by which its write-ahead log is recognised as its own. A file without an id gets one. */
function idOf(database: DatabaseSync): number {
  const known = Number(database.prepare('pragma application_id').get()?.['application_id']);
  if (known !== 0) return known;
  const id = randomInt(1, MAX_ID);
  // In the journal mode `delete` the id is written into the file itself, and not into the log.
  database.exec(`pragma journal_mode = delete; pragma application_id = ${id}`);
  return id;
}

/**
 * Makes the migrations in a transaction that locks at once and so keeps other processes out, which Kysely's Migrator
 * does not do on SQLite. A database that has data already is copied first.
 */
async function migrateAlone(db: Kysely<Tables>, copy: (name: string) => Promise<void>): Promise<void> {
  const missing = await missingMigration(db);
  if (missing === undefined) return;
  const isNew = (await db.introspection.getTables({ withInternalKyselyTables: true })).length === 0;
  if (!isNew) await copy(missing);
  await db.connection().execute(async connection => {
    await sql`begin immediate`.execute(connection);
    try {
      await migrate(connection, false);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

async function openReadable(path: string, problem: StoreProblem): Promise<Database> {
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(openedReadOnly(path)) });
  try {
    if ((await missingMigration(db)) !== undefined) throw new StoreError(problem, EARLIER_TABLES);
    await refuseOlderCopy(db, lastWishBeside(path, problem), problem);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    problem,
    written: () => Promise.resolve(),
    maintain: () => Promise.resolve(),
    close: () => db.destroy(),
  };
}

/** The number of the last wish that is known. Throws StoreError when that cannot be found out. */
function lastWishBeside(path: string, problem: StoreProblem): number {
  try {
    return lastNumberBeside(path);
  } catch {
    throw new StoreError(problem, NO_WISHES);
  }
}

/** Opens the file at `path` for reading alone. Throws the error of SQLite. */
export function openedReadOnly(path: string): DatabaseSync {
  try {
    return opened(path);
  } catch (error) {
    // In a directory where SQLite cannot make the index of the log, it reads a file only when it is told that nobody
    // changes the file (`immutable`).
    if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0 || !existsSync(path)) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return opened(url);
  }
}

function opened(path: string | URL): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    database.prepare('select count(*) from sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
