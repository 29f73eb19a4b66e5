import {
  DummyDriver,
  Kysely,
  type KyselyPlugin,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import type { Logger } from '../../log.ts';
import type { Step } from '../database/migrate.ts';

// Clears the way for a migration after the dump of an earlier version was restored: `pg_restore --clean` replaces the
// tables that the dump has, and leaves those that only the later version had made.

/**
 * Drops the tables that the migration `up` is about to make, where they are there already. A table that lacks one of
 * their columns is not ours and is left alone; the migration then fails. Call this in the transaction of the
 * migration, and only where an earlier version has been. Rejects with the error of PostgreSQL.
 */
export async function dropLeftovers(db: Kysely<unknown>, up: Step, log: Logger): Promise<void> {
  for (const { name, columns } of await tablesMadeBy(up)) {
    const { rows } = await sql<{ column: string }>`
      select column_name as column from information_schema.columns
      where table_schema = current_schema() and table_name = ${name}
    `.execute(db);
    const there = new Set(rows.map(({ column }) => column));
    if (!columns.every(column => there.has(column))) continue;
    await db.schema.dropTable(name).execute();
    log.warn({ table: name }, 'a table is removed that was left of a later version when a dump was restored');
  }
}

interface MadeTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The tables that a migration makes. It is run without a database, and its statements are looked at. */
async function tablesMadeBy(up: Step): Promise<readonly MadeTable[]> {
  const made: MadeTable[] = [];
  const look: KyselyPlugin = {
    transformQuery({ node }) {
      if (node.kind === 'CreateTableNode')
        made.push({
          name: node.table.table.identifier.name,
          columns: node.columns.map(({ column }) => column.column.name),
        });
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const nowhere = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: db => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    plugins: [look],
  });
  await up(nowhere);
  return made;
}
