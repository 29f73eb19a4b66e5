import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { sqlitePath } from '../database-url.ts';
import { missingMigration, ownTables } from './database/migrate.ts';
import { problemOf } from './database/problem-of.ts';
import type { Tables } from './database/tables.ts';
import type { StoreProblem } from './errors.ts';
import { PostgresConnection } from './postgres/connection.ts';
import { kyselyOver, takesNoWrites } from './postgres/postgres.ts';
import { NodeSqliteDialect } from './sqlite/dialect.ts';
import { checkDatabasePath, nearestThatExists } from './sqlite/path.ts';
import { openedReadOnly } from './sqlite/sqlite.ts';

// Looks at the operator's database for `npm run doctor`, without changing it: whether it is there, of which version,
// and whether it can be written. `operator/database.ts` puts that into words.

/**
 * What is at the place of the database:
 *
 * - `absent`: nothing yet, and a database can be made there
 * - `ready`: a database of this version
 * - `older`: a database that this version will bring up to date when it starts
 * - `unwritable`: a database that can only be read
 * - `barred`: a PostgreSQL in which no tables can be made: there is no such schema, or no right to make them in it
 * - any StoreProblem: a database that does not work now
 */
export type DatabaseState = 'absent' | 'ready' | 'older' | 'unwritable' | 'barred' | StoreProblem;

/**
 * Looks at the database without changing it, and without the lock of the process that uses it. Rejects with
 * StorePathError where there can be no database, and with StoreNewerError if a later version has written it.
 */
export async function lookAtDatabase(url: string): Promise<DatabaseState> {
  checkDatabasePath(url, { make: false });
  const path = sqlitePath(url);
  try {
    return path === null ? await lookAtPostgres(url) : await lookAtSqlite(path);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === 'unknown') throw error;
    return problem;
  }
}

/**
 * Whether another process works with an SQLite database; false for other databases, which several may use. The file of
 * the lock is only read.
 */
export function isHeld(url: string): boolean {
  const path = sqlitePath(url);
  const lock = `${path}.lock`;
  if (path === null || !existsSync(lock)) return false;
  const file = new DatabaseSync(lock, { readOnly: true, timeout: 0 });
  try {
    file.prepare('select count(*) from sqlite_schema').get();
    return false;
  } catch (error) {
    return problemOf(error) === 'locked';
  } finally {
    file.close();
  }
}

/** The folder of an SQLite database, or the nearest one above it that is there; null for other databases. */
export function folderOf(url: string): string | null {
  const path = sqlitePath(url);
  return path === null ? null : nearestThatExists(dirname(resolve(path)));
}

async function lookAtSqlite(path: string): Promise<DatabaseState> {
  if (!existsSync(path)) return 'absent';
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(openedReadOnly(path)) });
  try {
    const state = await stateOf(db);
    return isWritable(path) && isWritable(dirname(path)) ? state : 'unwritable';
  } finally {
    await db.destroy();
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false; // whatever the reason is, nothing can be written
  }
}

async function lookAtPostgres(url: string): Promise<DatabaseState> {
  const db = kyselyOver(() => new PostgresConnection(url));
  try {
    const state = await stateOf(db);
    if (await takesNoWrites(db)) return 'unwritable';
    return state === 'ready' || (await mayMakeTables(db)) ? state : 'barred';
  } finally {
    await db.destroy();
  }
}

async function mayMakeTables(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ may: boolean | null }>`
    select has_schema_privilege(current_schema(), 'create') as may
  `.execute(db);
  return rows[0]?.may ?? false;
}

async function stateOf(db: Kysely<Tables>): Promise<DatabaseState> {
  const missing = await missingMigration(db);
  if (missing === undefined) return 'ready';
  const tables = await ownTables(db);
  return tables.length === 0 ? 'absent' : 'older';
}
