import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { createLog, type Logger } from '../../src/log.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store, StoreOptions } from '../../src/store/store.ts';
import { postgresMissing, TestPostgres } from './postgres.ts';

export const GUILD = '100000000000000001';
export const OTHER_GUILD = '100000000000000002';
export const ANA = '200000000000000001';
export const BEN = '200000000000000002';
export const LEASE = 'test-lease';

/** An empty database, of whichever kind, that goes away with the test. */
export interface TestDatabase extends AsyncDisposable {
  readonly kind: Store['kind'];
  readonly url: string;
  /** Of SQLite's file; of PostgreSQL's nothing that is there. */
  readonly path: string;
  /** What was logged by the stores opened here: lines of JSON. */
  readonly logged: readonly string[];
  readonly log: Logger;
  open(options?: Partial<StoreOptions>): Promise<Store>;
  /** Asks the database itself. */
  rows(statement: string): Promise<readonly Record<string, unknown>[]>;
}

/** Opens an SQLite database in a directory of its own. */
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
    async [Symbol.asyncDispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export async function testPostgres(server: TestPostgres): Promise<TestDatabase> {
  const url = await server.database();
  const name = url.slice(url.lastIndexOf('/') + 1);
  return {
    ...common('postgres', url),
    path: '',
    rows: statement => server.ask(name, statement),
    async [Symbol.asyncDispose]() {},
  };
}

function common(kind: Store['kind'], url: string) {
  const logged: string[] = [];
  const log = createLog('trace', [], { write: line => void logged.push(line) });
  const open = (options: Partial<StoreOptions> = {}) => openStore({ url, lease: LEASE, log, ...options });
  return { kind, url, logged, log, open };
}

/** Runs the same tests on SQLite, and on PostgreSQL where there is one; says so where there is none. */
export function describeStores(tests: (create: () => Promise<TestDatabase>) => void): void {
  describe('SQLite', () => tests(() => Promise.resolve(testSqlite())));
  describePostgres(server => tests(() => testPostgres(server())));
}

/** Runs tests that need a PostgreSQL; says so where there is none. */
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
