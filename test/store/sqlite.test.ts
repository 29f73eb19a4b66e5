import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import { guildDefaults } from '../../src/settings/guild.ts';
import { StoreHeldError } from '../../src/store/errors.ts';
import { openStore } from '../../src/store/open.ts';
import { copiesOf, filesOf, NOON, withCopy } from '../support/sqlite-files.ts';
import { ANA, GUILD, OTHER_GUILD, type TestDatabase, testSqlite } from '../support/store.ts';
import { StoreProcess } from '../support/store-process.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const FIRST_PAGE = 4_096;

const damagedOf = (database: TestDatabase) => filesOf(database).filter(name => name.includes('.damaged-'));

async function speedOf(database: TestDatabase): Promise<number> {
  await using store = await database.open({ now: () => NOON });
  expect(store.problem).toBeNull();
  const { speed } = (await store.guild(GUILD)).settings;
  await store.saveOptOut(OTHER_GUILD, ANA, true); // it can be written too
  return speed;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('row 26: a damaged database', () => {
  const damages: Record<string, (path: string) => void> = {
    'is garbage': path => writeFileSync(path, Buffer.alloc(50_000, 'no database ')),
    'is garbage with a good beginning': path =>
      writeFileSync(
        path,
        Buffer.concat([readFileSync(path).subarray(0, FIRST_PAGE), Buffer.alloc(50_000, 0xee)]),
      ),
    'is cut to a half': path => truncateSync(path, statSync(path).size / 2),
    'is cut in the middle of its first page': path => truncateSync(path, 1_000),
    'is empty': path => truncateSync(path, 0),
    'is not there': path => rmSync(path),
  };

  test.each(Object.entries(damages))('that %s is restored from the newest copy', async (name, damage) => {
    await using database = testSqlite();
    await withCopy(database);
    damage(database.path);
    expect(await speedOf(database)).toBe(1.25);
    expect(damagedOf(database)).toEqual(
      /not there|empty/.test(name) ? [] : ['test.db.damaged-2026-11-24T12-00-00Z'],
    );
    expect(database.logged.join('')).toContain('was restored from a copy');
    expect(await speedOf(database)).toBe(1.25); // and stays so
    expect(damagedOf(database).length).toBeLessThanOrEqual(1);
  });

  test('is restored from an older copy when the newest is damaged too', async () => {
    await using database = testSqlite();
    await withCopy(database);
    const [newest = ''] = copiesOf(database);
    const copyOf = (day: number) => `${database.path}.copy-2026-11-${day}T12-00-00Z`;
    renameSync(`${dirname(database.path)}/${newest}`, copyOf(21));
    for (const day of [22, 23]) {
      copyFileSync(copyOf(21), copyOf(day));
      truncateSync(copyOf(day), 10_000);
    }
    writeFileSync(database.path, 'no database');
    expect(await speedOf(database)).toBe(1.25);
    expect(database.logged.filter(line => line.includes('did not pass its check'))).toHaveLength(3);
  });

  test('is replaced by an empty one when there is no good copy, and all goes on', async () => {
    await using database = testSqlite();
    await withCopy(database);
    for (const copy of copiesOf(database)) writeFileSync(`${dirname(database.path)}/${copy}`, 'no database');
    writeFileSync(database.path, 'no database');
    expect(await speedOf(database)).toBe(1);
    expect(damagedOf(database)).toHaveLength(1);
    expect(database.logged.some(line => /"level":"error".*no sound copy/.test(line))).toBe(true);
  });

  test('is found out while it is in use, and restored', async () => {
    await using database = testSqlite();
    await withCopy(database);
    await using store = await database.open({ now: () => NOON });
    const file = openSync(database.path, 'r+');
    writeSync(file, Buffer.alloc(50_000, 0xee), 0, 50_000, FIRST_PAGE);
    closeSync(file);
    expect((await store.guild(GUILD)).settings).toEqual(guildDefaults); // it could not be read
    await until('the database works again', () => store.problem === null);
    expect((await store.guild(GUILD)).settings.speed).toBe(1.25);
    expect(database.logged.some(line => line.includes('"problem":"corrupt"'))).toBe(true);
  });

  test('never keeps the store from opening, wherever it is cut or overwritten', {
    timeout: 120_000,
  }, async () => {
    await using database = testSqlite();
    await withCopy(database);
    const whole = readFileSync(database.path);
    for (let n = 0; n < 12; n++) {
      const at = Math.floor((whole.length * n) / 12);
      const bytes = Buffer.from(whole);
      bytes.fill(n % 2 ? 0xff : 0x00, at, at + 200);
      writeFileSync(database.path, n % 3 ? bytes : whole.subarray(0, at));
      await using store = await database.open({ now: () => NOON + n * 1_000 });
      expect([1.25, 1.5]).toContain((await store.guild(GUILD)).settings.speed);
      await store.saveSettings(GUILD, { speed: 1.25 });
      expect(store.problem).toBeNull();
    }
  });
});

describe('row 26: a write-ahead log', () => {
  /** A process that was killed leaves its log lying there. */
  async function killed(database: TestDatabase): Promise<number> {
    await using child = new StoreProcess('save', database.url);
    const said = await child.lines(30);
    await child.kill();
    expect(statSync(`${database.path}-wal`).size).toBeGreaterThan(0);
    return Number(said.at(-1));
  }

  /**
   * Puts a copy in the place of the database, which is whole at each moment: SQLite deletes the log of an empty database,
   * and the process that makes today's copy may open it at any time, since it outlives the one that was killed.
   */
  function putInPlace(database: TestDatabase, copy: string): void {
    copyFileSync(`${dirname(database.path)}/${copy}`, `${database.path}.new`);
    renameSync(`${database.path}.new`, database.path);
  }

  test('of another database is moved aside', async () => {
    await using database = testSqlite();
    await using other = testSqlite();
    await withCopy(database);
    await killed(other);
    copyFileSync(`${other.path}-wal`, `${database.path}-wal`);
    expect(await speedOf(database)).toBe(1.5);
    expect(damagedOf(database)).toEqual(['test.db-wal.damaged-2026-11-24T12-00-00Z']);
    expect(database.logged.join('')).toContain('do not go together');
  });

  test('that lies there still when a copy was put in place by hand is moved aside', async () => {
    await using database = testSqlite();
    await withCopy(database);
    await killed(database);
    const [copy = ''] = copiesOf(database);
    putInPlace(database, copy);
    expect(await speedOf(database)).toBe(1.25);
    expect(damagedOf(database)).toEqual(['test.db-wal.damaged-2026-11-24T12-00-00Z']);
  });

  test('that has only a page or two of the former database is moved aside too', async () => {
    await using database = testSqlite();
    await withCopy(database);
    const [copy = ''] = copiesOf(database);
    const former = new DatabaseSync(database.path);
    former.exec(`update server set settings = '{"speed":1.75}' where guild_id = '${GUILD}'`);
    copyFileSync(`${database.path}-wal`, `${database.path}-kept`);
    former.close();
    putInPlace(database, copy);
    copyFileSync(`${database.path}-kept`, `${database.path}-wal`);
    expect(await speedOf(database)).toBe(1.25);
    expect(damagedOf(database)).toEqual(['test.db-wal.damaged-2026-11-24T12-00-00Z']);
  });

  test('that is garbage, or cut, loses at most what was in it', async () => {
    await using database = testSqlite();
    await withCopy(database);
    writeFileSync(`${database.path}-wal`, Buffer.alloc(20_000, 0xee));
    expect(await speedOf(database)).toBe(1.5);
    const last = await killed(database);
    truncateSync(`${database.path}-wal`, statSync(`${database.path}-wal`).size / 2);
    await using store = await database.open({ now: () => NOON });
    expect(store.problem).toBeNull();
    const { leaveAfter } = (await store.guild(GUILD)).settings;
    expect(leaveAfter).toBeGreaterThanOrEqual(5);
    expect(leaveAfter).toBeLessThanOrEqual(last);
  });

  test('of its own is used', async () => {
    await using database = testSqlite();
    await withCopy(database);
    const last = await killed(database);
    await using store = await database.open({ now: () => NOON });
    expect(Number((await store.guild(GUILD)).words.get('number'))).toBeGreaterThanOrEqual(last);
    expect(damagedOf(database)).toEqual([]);
  });
});

test.skipIf(process.platform !== 'linux')(
  'where no directory can be made, the store opens all the same',
  async () => {
    const log = createLog('silent', []);
    await using store = await openStore({ url: 'file:/proc/nowhere/test.db', lease: 'test', log });
    expect(store.problem).toBe('read-only');
    expect(await store.guild(GUILD)).toMatchObject({ known: false, settings: guildDefaults });
  },
);

test('another one has it: one line, exit code 75; free again when that one is closed', async () => {
  await using database = testSqlite();
  const first = await database.open();
  const failure = await database.open().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StoreHeldError);
  expect(failure).toMatchObject({
    exitCode: 75,
    message: expect.stringMatching(/^Another Parrotfish [^\n]*$/),
  });
  await first.saveSettings(GUILD, { speed: 1.5 });
  await first[Symbol.asyncDispose]();
  await using store = await database.open();
  expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
});
