import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseFinding } from '../../src/operator/database.ts';
import { checkDatabasePath } from '../../src/store/sqlite/path.ts';
import { removeFolder } from '../sandbox/folder.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parrotfish-database-'));
});
afterEach(() => removeFolder(folder));

test.each([
  ['a directory', 'folder', /it is a directory/],
  ['no database', 'notes.txt', /it is no SQLite database/],
  ['below a file', 'notes.txt/a.db', /a file, not a directory/],
] as const)('the path of the database is %s', async (_, path, cause) => {
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'notes.txt'), 'My notes.\n');
  const url = `file:${folder}/${path}`;
  expect(() => checkDatabasePath(url), 'as the bot looks at it when it starts').toThrow(cause);
  const { verdict, detail, remedy } = await databaseFinding(url);
  expect(verdict).toBe('bad');
  expect(detail).toMatch(cause);
  expect(`${detail} ${remedy}`).toContain(`DATABASE_URL names ${folder}/${path}`);
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('My notes.\n');
});

test('the database was written by a later version', async () => {
  const path = join(folder, 'newer.db');
  const database = new DatabaseSync(path);
  database.exec(
    "create table kysely_migration (name text, timestamp text); insert into kysely_migration values ('9999-later', '')",
  );
  database.close();
  const before = readFileSync(path);
  expect(await databaseFinding(`file:${path}`)).toMatchObject({
    verdict: 'bad',
    detail: expect.stringMatching(/later version of Parrotfish/),
    remedy: expect.stringMatching(/start that version, or restore a copy/),
  });
  expect(readFileSync(path)).toEqual(before);
});
