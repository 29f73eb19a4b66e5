import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { guildDefaults } from '../../src/settings/guild.ts';
import { copiesOf, filesOf, NOON, withCopy } from '../support/sqlite-files.ts';
import { GUILD, OTHER_GUILD, testSqlite } from '../support/store.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const HOUR_MS = 3_600_000;
const FIRST_PAGE = 4_096;

afterEach(() => {
  vi.useRealTimers();
});

describe('the copies', () => {
  test('are made once a day, kept three, for the owner alone, and are whole', async () => {
    await using database = testSqlite();
    let at = NOON;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using store = await database.open({ now: () => at });
    const names: string[] = [];
    for (let day = 0; day < 5; day++) {
      await store.saveSettings(GUILD, { leaveAfter: 10 + day });
      names.push(`test.db.copy-2026-11-${24 + day}T12-00-00Z`);
      if (day > 0) vi.advanceTimersByTime(HOUR_MS);
      await until('the copy', () => copiesOf(database).includes(names.at(-1) ?? ''));
      at += 23 * HOUR_MS;
      vi.advanceTimersByTime(HOUR_MS); // not due yet
      await store.saveSettings(OTHER_GUILD, {});
      at += HOUR_MS;
    }
    await until('only three', () => copiesOf(database).length === 3);
    expect(copiesOf(database)).toEqual(names.slice(-3));
    await until('nothing is left behind', () => !filesOf(database).some(name => name.includes('copying')));
    for (const name of filesOf(database))
      expect(statSync(`${dirname(database.path)}/${name}`).mode & 0o777, name).toBe(0o600);
    expect(statSync(dirname(database.path)).mode & 0o777).toBe(0o700);
    const copy = new DatabaseSync(`${dirname(database.path)}/${names.at(-1)}`, { readOnly: true });
    const rows = copy.prepare('select settings from server where guild_id = ?').all(GUILD);
    copy.close();
    expect(JSON.parse(String(rows[0]?.['settings']))).toEqual({ leaveAfter: 14 });
  });

  test('that were made while the clock was wrong are the oldest, and no copy is made too often', async () => {
    await using database = testSqlite();
    let at = NOON;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    /** Opens the store at that time, waits for the copy of it, lets hours go by, and saves the speed. */
    const run = async (time: number, speed: number, hours = 0) => {
      at = time;
      await using store = await database.open({ now: () => at });
      const copy = `test.db.copy-${new Date(at).toISOString().replace('.000', '').replaceAll(':', '-')}`;
      await until('the copy', () => copiesOf(database).includes(copy));
      for (let hour = 0; hour < hours; hour++) {
        at += HOUR_MS;
        vi.advanceTimersByTime(HOUR_MS);
        await store.saveSettings(OTHER_GUILD, {});
      }
      await store.saveSettings(GUILD, { speed });
      return copy;
    };
    const TWO_DAYS_AHEAD = Date.UTC(2026, 10, 26, 12);
    await run(NOON, 0.5); // an empty copy
    await run(TWO_DAYS_AHEAD, 0.75); // a copy with 0.5
    await run(Date.UTC(2030, 0, 1), 1.25); // a copy with 0.75
    const right = await run(NOON + HOUR_MS, 1.5, 3); // a copy with 1.25, for which the oldest goes
    expect(copiesOf(database)).toHaveLength(3);
    expect(copiesOf(database).at(-1)).toBe(right);
    // Also when it is as late as the wrong clock was, the copy that was made last counts as the newest.
    at = TWO_DAYS_AHEAD + HOUR_MS;
    writeFileSync(database.path, 'no database');
    await using store = await database.open({ now: () => at });
    expect((await store.guild(GUILD)).settings.speed).toBe(1.25);
  });

  test('of the future are the last that are restored', async () => {
    await using database = testSqlite();
    await withCopy(database);
    const [copy = ''] = copiesOf(database);
    const future = new DatabaseSync(`${dirname(database.path)}/${copy}`);
    future.prepare('vacuum into ?').run(`${database.path}.copy-2030-01-01T00-00-00Z`);
    future.exec(`update server set settings = '{"speed":1.75}' where guild_id = '${GUILD}'`);
    future.close();
    writeFileSync(database.path, 'no database');
    await using store = await database.open({ now: () => NOON });
    expect((await store.guild(GUILD)).settings.speed).toBe(1.75);
  });

  test('from before an upgrade that are of the future are kept for thirty days from now', async () => {
    await using database = testSqlite();
    const before = `${database.path}.before-0002-clones`;
    await (await database.open())[Symbol.asyncDispose]();
    writeFileSync(before, 'old');
    const { ctimeMs } = statSync(before);
    await using _store = await database.open({ now: () => ctimeMs - HOUR_MS });
    await until('its time is set', () => statSync(before).ctimeMs > ctimeMs);
  });

  test('do not hold up the event loop', async () => {
    await using database = testSqlite();
    await (await database.open())[Symbol.asyncDispose]();
    for (const copy of copiesOf(database)) rmSync(`${dirname(database.path)}/${copy}`);
    const big = new DatabaseSync(database.path);
    big.exec(`with recursive n(n) as (select 1 union all select n + 1 from n where n < 300000)
      insert into ledger (day, guild_id, user_id, bytes, nano_usd) select '2026-11-24', n, n * 7919, n, n from n`);
    big.close();
    await using _store = await database.open();
    let turns = 0;
    const count = setInterval(() => (turns += 1), 5);
    await until('the copy', () => copiesOf(database).length === 1, 60_000);
    clearInterval(count);
    expect(turns).toBeGreaterThan(20); // on the loop it would have been one or two
  });

  test('that cannot be made are logged, leave nothing behind, and push out no good one', async () => {
    await using database = testSqlite();
    await withCopy(database);
    const kept = copiesOf(database);
    let at = NOON;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using _store = await database.open({ now: () => at });
    const bytes = readFileSync(database.path).length;
    const file = openSync(database.path, 'r+'); // read from the file: there is no log yet
    writeSync(file, Buffer.alloc(bytes - FIRST_PAGE, 0xee), 0, bytes - FIRST_PAGE, FIRST_PAGE);
    closeSync(file);
    at += 25 * HOUR_MS;
    vi.advanceTimersByTime(HOUR_MS);
    await until('the failure is logged', () =>
      database.logged.some(line => line.includes('copy of the database could not')),
    );
    expect(copiesOf(database)).toEqual(kept);
    await until('nothing is left behind', () => !filesOf(database).some(name => name.includes('copying')));
  });

  test('are made before a migration, too', async () => {
    await using database = testSqlite();
    {
      await using store = await database.open({ now: () => NOON });
      await store.saveSettings(GUILD, { speed: 1.5 });
    }
    // As a version would leave it whose only migration had another name, and other tables.
    const older = new DatabaseSync(database.path);
    older.exec(`delete from kysely_migration; create table older as select * from server`);
    const tables = older.prepare(
      "select name from sqlite_master where type = 'table' and name not glob 'kysely*' and name not glob 'sqlite*' and name <> 'older'",
    );
    for (const { name } of tables.all()) older.exec(`drop table ${String(name)}`);
    older.close();
    await using store = await database.open({ now: () => NOON });
    expect(store.problem).toBeNull();
    expect((await store.guild(GUILD)).settings).toEqual(guildDefaults);
    const copy = new DatabaseSync(`${database.path}.before-0001-start`, { readOnly: true });
    expect(
      copy
        .prepare('select settings from older')
        .all()
        .map(row => ({ ...row })),
    ).toEqual([{ settings: '{"speed":1.5}' }]);
    expect(copy.prepare('select count(*) as n from kysely_migration').get()).toMatchObject({ n: 0 });
    copy.close();
  });
});
