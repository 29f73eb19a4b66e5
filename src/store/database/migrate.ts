import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { StoreNewerError } from '../errors.ts';
import { start } from '../migrations/0001-start.ts';
import { clones } from '../migrations/0002-clones.ts';
import { stays } from '../migrations/0003-stays.ts';
import { wordAuthors } from '../migrations/0004-word-authors.ts';
import { wishes } from '../migrations/0005-wishes.ts';
import { chosenVoices } from '../migrations/0006-chosen-voices.ts';
import { whoIsRead } from '../migrations/0007-who-is-read.ts';
import { welcomes } from '../migrations/0008-welcomes.ts';
import { lastImports } from '../migrations/0009-last-imports.ts';
import { shownStatuses } from '../migrations/0010-shown-statuses.ts';
import { shardHolds } from '../migrations/0011-shard-holds.ts';
import { toldChanges } from '../migrations/0012-told-changes.ts';
import { cachedLines } from '../migrations/0013-cached-lines.ts';
import { dayPortions } from '../migrations/0014-portions.ts';
import { fishSlots } from '../migrations/0015-fish-slots.ts';
import { readMarks } from '../migrations/0016-read-marks.ts';
import { lostParties } from '../migrations/0017-lost-parties.ts';
import type { Tables } from './tables.ts';

// Brings the tables of an existing database up to date when the bot starts. A change of the tables is a new file in
// `migrations`, added to the list here; `tables.ts` has the tables as they are after all of them.

/**
 * All changes of the tables, in the order of their names. A new one is added at the end. None can be undone:
 * `docs/operate/backup.md` says how to return to an earlier version.
 */
const MIGRATIONS: Record<string, Migration> = {
  '0001-start': { up: start },
  '0002-clones': { up: clones },
  '0003-stays': { up: stays },
  '0004-word-authors': { up: wordAuthors },
  '0005-wishes': { up: wishes },
  '0006-chosen-voices': { up: chosenVoices },
  '0007-who-is-read': { up: whoIsRead },
  '0008-welcomes': { up: welcomes },
  '0009-last-imports': { up: lastImports },
  '0010-shown-statuses': { up: shownStatuses },
  '0011-shard-holds': { up: shardHolds },
  '0012-told-changes': { up: toldChanges },
  '0013-cached-lines': { up: cachedLines },
  '0014-portions': { up: dayPortions },
  '0015-fish-slots': { up: fishSlots },
  '0016-read-marks': { up: readMarks },
  '0017-lost-parties': { up: lostParties },
};

/** The table in which Kysely's Migrator notes the migrations that were made. */
const HISTORY = 'kysely_migration';

/** A table; SQLite has no schemas. */
interface OwnTable {
  readonly name: string;
  readonly schema?: string | undefined;
}

/**
 * The tables that a name without a schema can mean. With PostgreSQL, other programs and another bot may have tables of
 * the same names in other schemas of the same database.
 */
export async function ownTables(db: Kysely<Tables>): Promise<readonly OwnTable[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.every(({ schema }) => schema === undefined)) return tables;
  const schemas = await ownSchemas(db);
  return tables.filter(({ schema }) => schema !== undefined && schemas.includes(schema));
}

/** The schemas in which PostgreSQL looks for a table. It makes tables in the first; there is none if it is missing. */
async function ownSchemas(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ schema: string }>`select unnest(current_schemas(false)) as schema`.execute(db);
  return rows.map(({ schema }) => schema);
}

/** The schema with the history of migrations, or where it is to be made; null if there is none. */
async function schemaOfHistory(db: Kysely<Tables>): Promise<string | null> {
  const schemas = await ownSchemas(db);
  const histories = (await ownTables(db)).filter(({ name }) => name === HISTORY);
  return schemas.find(each => histories.some(({ schema }) => schema === each)) ?? schemas[0] ?? null;
}

/**
 * The name of the first migration that the database lacks; undefined when it has all of them. Throws StoreNewerError if
 * the database has a migration that this code does not know.
 */
export async function missingMigration(db: Kysely<Tables>): Promise<string | undefined> {
  const tables = await ownTables(db);
  const names = Object.keys(MIGRATIONS);
  if (!tables.some(({ name }) => name === HISTORY)) return names[0];
  const rows = await (db as unknown as Kysely<{ [HISTORY]: { name: string } }>)
    .selectFrom(HISTORY)
    .select('name')
    .execute();
  const done = rows.map(({ name }) => name);
  if (!done.every(name => names.includes(name))) throw new StoreNewerError();
  return names.find(name => !done.includes(name));
}

/** What one migration does. */
export type Step = Migration['up'];

/** Is run before a migration of a database that has earlier ones, in the same transaction. */
type Prepare = (db: Kysely<unknown>, step: Step) => Promise<void>;

/**
 * Makes all migrations that the database lacks. With `ownTransaction` false, which is for SQLite, the caller has
 * already begun a transaction that keeps other processes out. Throws StoreNewerError, and has then changed nothing.
 */
export async function migrate(db: Kysely<Tables>, ownTransaction: boolean, prepare?: Prepare): Promise<void> {
  const missing = await missingMigration(db);
  if (missing === undefined) return;
  const isNew = missing === Object.keys(MIGRATIONS)[0];
  const migrations = prepare && !isNew ? prepared(MIGRATIONS, prepare) : MIGRATIONS;
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const schema = ownTransaction ? await schemaOfHistory(db) : null;
  const migrator = new Migrator({ db, provider, ...(schema !== null && { migrationTableSchema: schema }) });
  const { error } = await migrator.migrateToLatest({ disableTransactions: !ownTransaction });
  if (error === undefined) return;
  await missingMigration(db); // throws StoreNewerError if another process with later code was faster
  throw error;
}

function prepared(migrations: Record<string, Migration>, prepare: Prepare): Record<string, Migration> {
  const each = Object.entries(migrations).map(([name, { up }]): [string, Migration] => [
    name,
    {
      async up(db) {
        await prepare(db, up);
        await up(db);
      },
    },
  ]);
  return Object.fromEntries(each);
}
