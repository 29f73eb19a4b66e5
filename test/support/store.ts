import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { createLog, type Logger } from '../../src/log.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store, StoreOptions } from '../../src/store/store.ts';
import { removeFolder } from '../sandbox/folder.ts';
import { postgresMissing, TestPostgres } from './postgres.ts';

export const GUILD = '100000000000000001';
export const OTHER_GUILD = '100000000000000002';
export const ANA = '200000000000000001';
export const BEN = '200000000000000002';
export const LEASE = 'test-lease';

/** An empty database, SQLite or PostgreSQL, for one test. */
export interface TestDatabase extends AsyncDisposable {
  readonly kind: Store['kind'];
  readonly url: string;
  /** The last part of its URL. For PostgreSQL this is the name of the database. */
  readonly name: string;
  /** The path of SQLite's file; '' for PostgreSQL. */
  readonly path: string;
  /** What the stores that were opened here have logged, as lines of JSON. */
  readonly logged: readonly string[];
  readonly log: Logger;
  /** Opens a store on this database. */
  open(options?: Partial<StoreOptions>): Promise<Store>;
  /** Runs an SQL statement on the database, without a store, and returns its rows. */
  rows(statement: string): Promise<readonly Record<string, unknown>[]>;
}

/** Makes an SQLite database in a directory of its own. */
export function testSqlite(): TestDatabase {
  const directory = mkdtempSync(join(tmpdir(), 'parrotfish-store-'));
  const path = join(directory, 'data', 'test.db');
  return {
    ...common('sqlite', `file:${path}`),
    path,
    async rows(statement) {
      const database = new DatabaseSync(path, { timeout: 1_000 });
      try {
        return database
          .prepare(statement)
          .all()
          .map(row => ({ ...row }));
      } finally {
        database.close();
      }
    },
    [Symbol.asyncDispose]: () => removeFolder(directory),
  };
}

/** Makes a PostgreSQL database on this server. */
export async function testPostgres(server: TestPostgres): Promise<TestDatabase> {
  const database = common('postgres', await server.database());
  return {
    ...database,
    path: '',
    rows: statement => server.ask(database.name, statement),
    async [Symbol.asyncDispose]() {},
  };
}

function common(kind: Store['kind'], url: string) {
  const logged: string[] = [];
  const log = createLog('trace', [], { write: line => void logged.push(line) });
  const open = (options: Partial<StoreOptions> = {}) => openStore({ url, lease: LEASE, log, ...options });
  return { kind, url, name: url.slice(url.lastIndexOf('/') + 1), logged, log, open };
}

/** Runs the same tests on SQLite and on PostgreSQL. If PostgreSQL is not installed, the report says so. */
export function describeStores(tests: (create: () => Promise<TestDatabase>) => void): void {
  describe('SQLite', () => tests(() => Promise.resolve(testSqlite())));
  describePostgres(server => tests(() => testPostgres(server())));
}

/** Runs tests that need PostgreSQL. If it is not installed, the report says so. */
export function describePostgres(tests: (server: () => TestPostgres) => void): void {
  describe('PostgreSQL', () => {
    const why = postgresMissing;
    if (why) {
      test('is not here', ({ skip }) => {
        skip(why);
      });
      return;
    }
    let server: TestPostgres | undefined;
    beforeAll(async () => {
      server = await TestPostgres.start();
    }, 60_000);
    afterAll(() => server?.[Symbol.asyncDispose]());
    tests(() => {
      if (!server) throw new Error('PostgreSQL has not been started');
      return server;
    });
  });
}
