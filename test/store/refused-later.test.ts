import { expect, test, vi } from 'vitest';
import { Connection } from '../../src/store/database/connection.ts';
import { StoreError, StoreHeldError, StoreNewerError } from '../../src/store/errors.ts';
import { describePostgres, testPostgres, testSqlite } from '../support/store.ts';
import { until } from '../support/until.ts';

// The database was lost, or was away at the start. When it is opened anew, this process may not use it any more.

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

test.each([new StoreHeldError('another one has it'), new StoreNewerError()])(
  'what a first opening would be refused for, a later one is told of once: %s',
  async refusal => {
    await using database = testSqlite();
    let opened = 0;
    const connection = new Connection(
      'sqlite',
      () => {
        opened += 1;
        return Promise.reject(opened === 1 ? new StoreError('unreachable') : refusal);
      },
      database.log,
    );
    const told: unknown[] = [];
    connection.onRefused = error => told.push(error);
    await connection.start();
    await until('it was opened twice more', () => opened > 2);
    await connection.close();
    expect(told).toEqual([refusal]);
  },
);

describePostgres(server => {
  test('a later version has changed the tables while the store is open: it is told when it connects anew', async () => {
    await using database = await testPostgres(server());
    const told: unknown[] = [];
    await using store = await database.open({ onRefused: error => told.push(error) });
    await database.rows(`insert into kysely_migration values ('9999-later', '2030-01-01')`);
    expect(told).toEqual([]);
    await server().ask(
      'postgres',
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}'`,
    );
    await until('it is told', () => told.length > 0, 30_000);
    expect(told).toEqual([expect.any(StoreNewerError)]);
    expect(store.problem).not.toBeNull();
  });
});
