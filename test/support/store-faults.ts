import type { KyselyPlugin } from 'kysely';
import type { Logger } from '../../src/log.ts';
import { Connection } from '../../src/store/database/connection.ts';
import type { Database, OpenDatabase } from '../../src/store/database/database.ts';
import { LiveStore } from '../../src/store/live-store.ts';
import { openPostgres } from '../../src/store/postgres/postgres.ts';
import { openSqlite } from '../../src/store/sqlite/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { LEASE, type TestDatabase } from './store.ts';

/** How the real database is opened, in the same way as `openStore` does. */
function opener({ kind, url, path }: TestDatabase, log: Logger, now: () => number): OpenDatabase {
  return kind === 'sqlite'
    ? (_lost, signal) => openSqlite(path, { log, now, signal })
    : (lost, signal) => openPostgres({ url, lost, signal, log });
}

/** Opens a store; `change` may replace its database each time when that is opened. */
export async function openChanged(
  database: TestDatabase,
  change: (opened: Database) => Database | Promise<Database>,
  now: () => number = Date.now,
): Promise<Store> {
  const { kind, log } = database;
  const open = opener(database, log, now);
  const changed: OpenDatabase = async (lost, signal) => await change(await open(lost, signal));
  return await LiveStore.start({
    kind,
    connection: new Connection(kind, changed, log),
    lease: LEASE,
    log,
    alone: true,
    now,
  });
}

/**
 * A change for `openChanged`: each statement for which `fails` returns true fails. The error has a code of SQLite,
 * which the store understands for both kinds of database.
 */
export function failing(fails: () => boolean): (opened: Database) => Database {
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      if (fails()) throw Object.assign(new Error('a fault of the test'), { errcode: 13 });
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return opened => ({ ...opened, db: opened.db.withPlugin(plugin) });
}
