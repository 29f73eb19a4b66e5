import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { StoreNewerError, StorePathError } from '../../src/store/errors.ts';
import { folderOf, isHeld, lookAtDatabase } from '../../src/store/look.ts';
import { describePostgres, GUILD, type TestDatabase, testPostgres, testSqlite } from '../support/store.ts';

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

async function filled(database: TestDatabase): Promise<void> {
  await using store = await database.open();
  await store.saveSettings(GUILD, { speed: 1.5 });
}

test('SQLite: none yet, one of this version, also while the bot works with it; nothing is changed by looking', async () => {
  await using database = testSqlite();
  expect(await lookAtDatabase(database.url)).toBe('absent');
  expect(isHeld(database.url)).toBe(false);
  expect(existsSync(dirname(database.path))).toBe(false);
  await filled(database);
  const before = readFileSync(database.path);
  expect(await lookAtDatabase(database.url)).toBe('ready');
  expect(readFileSync(database.path)).toEqual(before);
  expect(isHeld(database.url)).toBe(false);
  await using _running = await database.open();
  expect(await lookAtDatabase(database.url)).toBe('ready');
  expect(isHeld(database.url)).toBe(true);
});

test('SQLite: an earlier version, a later one, and a damaged file', async () => {
  await using database = testSqlite();
  await filled(database);
  const file = new DatabaseSync(database.path);
  file.exec("delete from kysely_migration where name > '0001-start'");
  expect(await lookAtDatabase(database.url)).toBe('older');
  file.exec("insert into kysely_migration values ('9999-later', '')");
  await expect(lookAtDatabase(database.url)).rejects.toThrow(StoreNewerError);
  file.close();
  await expect(lookAtDatabase(`file:${dirname(database.path)}`)).rejects.toThrow(StorePathError);
  await expect(lookAtDatabase(`file:${database.path}/a.db`)).rejects.toThrow(StorePathError);
});

test('the folder of a database, or the nearest one that is there', async () => {
  await using database = testSqlite();
  const folder = dirname(database.path);
  expect(folderOf(database.url)).toBe(dirname(folder));
  await filled(database);
  expect(folderOf(database.url)).toBe(folder);
  expect(folderOf(`file:${folder}/not/there/a.db`)).toBe(folder);
  expect(folderOf('postgres://localhost/a')).toBeNull();
});

test('PostgreSQL that nobody serves is unreachable', async () => {
  expect(await lookAtDatabase('postgres://me:canary@127.0.0.1:9/parrotfish')).toBe('unreachable');
});

describePostgres(server => {
  test('PostgreSQL: none yet, one of this version, also while the bot works with it', async () => {
    await using database = await testPostgres(server());
    expect(await lookAtDatabase(database.url)).toBe('absent');
    await using _running = await database.open();
    expect(await lookAtDatabase(database.url)).toBe('ready');
  });
});
