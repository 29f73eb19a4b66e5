import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import { guildDefaults } from '../../src/settings/guild.ts';
import type { StoreProblem } from '../../src/store/errors.ts';
import { ANA, GUILD, OTHER_GUILD, testSqlite } from '../support/store.ts';
import { openChanged } from '../support/store-faults.ts';
import { StoreProcess } from '../support/store-process.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** Generous: a loaded machine may hold up the loop by itself; SQLite's own waiting would be seconds. */
const MOST_STALL_MS = 1_000;
const LOCKED_MS = 5_000;
const NOBODY_UID = 65_534;

const HOLD = `
  import { DatabaseSync } from 'node:sqlite';
  const database = new DatabaseSync(process.argv[1], { timeout: 5000 });
  database.exec('begin immediate');
  process.stdout.write('held');
  process.stdin.on('end', () => process.exit()).resume();
`;

/** Another process holds the write lock until it is disposed of. */
async function lockHeld(path: string): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe('SQLite', () => {
  test('row 26: locked for five seconds: reading goes on, the loop too, a save says so; all is well afterwards', async () => {
    await using database = testSqlite();
    await using store = await database.open();
    await store.saveSettings(GUILD, { speed: 1.5 });
    await using other = await database.open({ url: `${database.url}.other` });
    await other.saveSettings(GUILD, {});
    const delays = monitorEventLoopDelay({ resolution: 5 });
    {
      await using _lock = await lockHeld(database.path);
      const began = performance.now();
      delays.enable();
      const saving = store.saveSettings(GUILD, { speed: 2 });
      const optingOut = store.saveOptOut(GUILD, ANA, true);
      const ended = Promise.allSettled([saving, optingOut]);
      store.ledger.add({ guildId: GUILD, userId: ANA, bytes: 5, nanoUsd: 5 });
      for (let pass = 0; pass < 20; pass++) {
        expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA]));
        expect((await store.guild(`10000000000000${1000 + pass}`)).settings).toEqual(guildDefaults);
        await sleep(50);
      }
      await expect(saving).rejects.toMatchObject({ problem: 'locked' });
      await ended;
      expect(performance.now() - began).toBeGreaterThan(1_500); // it was tried again
      expect(store.problem).toBe('locked');
      await sleep(Math.max(0, LOCKED_MS - (performance.now() - began)));
      delays.disable();
    }
    expect(delays.max / 1e6).toBeLessThan(MOST_STALL_MS);
    await until('the database works again', () => store.problem === null);
    await store.ledger.flush();
    expect(await database.rows('select user_id from opt_out')).toEqual([{ user_id: ANA }]);
    expect(await database.rows('select bytes from ledger')).toEqual([{ bytes: 5 }]);
    expect((await store.saveSettings(GUILD, { speed: 2 })).settings.speed).toBe(2);
  });

  test('locked for a moment: a save waits, and is saved', async () => {
    await using database = testSqlite();
    await using store = await database.open();
    let saving: Promise<unknown>;
    {
      await using _lock = await lockHeld(database.path);
      saving = store.saveSettings(GUILD, { speed: 2 });
      await sleep(300);
    }
    await saving;
    expect(store.problem).toBeNull();
  });

  test('locked when it is opened: it is read, and written when it can be', async () => {
    await using database = testSqlite();
    {
      await using store = await database.open();
      await store.saveSettings(GUILD, { speed: 1.5 });
    }
    const lock = await lockHeld(database.path);
    await using store = await database.open();
    expect(store.problem).toBe('locked');
    expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
    await lock[Symbol.asyncDispose]();
    await until('the database works again', () => store.problem === null);
  });

  test('row 26: full: a save says so, reading goes on, and it is well when there is room again', async () => {
    await using database = testSqlite();
    let db: Parameters<Parameters<typeof openChanged>[1]>[0]['db'] | undefined;
    await using store = await openChanged(database, opened => {
      db = opened.db;
      return opened;
    });
    if (!db) throw new Error('not opened');
    await store.saveSettings(GUILD, { speed: 1.5 });
    await sql`pragma max_page_count = 1`.execute(db); // SQLite takes the present size
    const words = new Map(Array.from({ length: 2_000 }, (_, n) => [`word ${n}`, 'x'.repeat(100)]));
    await expect(store.saveWords(GUILD, words)).rejects.toMatchObject({ problem: 'full' });
    expect(store.problem).toBe('full');
    expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
    expect((await store.guild(OTHER_GUILD)).words.size).toBe(0);
    await sql`pragma max_page_count = 1000000`.execute(db);
    await until('the database works again', () => store.problem === null);
    expect((await store.saveWords(GUILD, words)).words.size).toBe(2_000);
  });

  test.each([
    [
      'the directory is a file',
      (path: string) => writeFileSync(dirname(path), ''),
      (path: string) => rmSync(dirname(path)),
    ],
    [
      'the file is a directory',
      (path: string) => mkdirSync(path, { recursive: true }),
      (path: string) => rmSync(path, { recursive: true }),
    ],
  ])(
    'cannot be opened (%s): the defaults hold, and it is opened when it can be',
    async (_, spoil, repair) => {
      await using database = testSqlite();
      spoil(database.path);
      await using store = await database.open();
      expect(store.problem satisfies StoreProblem | null).not.toBeNull();
      expect((await store.guild(GUILD)).settings).toEqual(guildDefaults);
      await expect(store.saveSettings(GUILD, { speed: 2 })).rejects.toMatchObject({ name: 'StoreError' });
      await expect(store.saveOptOut(GUILD, ANA, true)).rejects.toMatchObject({ name: 'StoreError' });
      expect(store.cached(GUILD)?.optOuts).toEqual(new Set([ANA]));
      repair(database.path);
      await until('the database works', () => store.problem === null);
      await store.saveSettings(GUILD, { speed: 2 });
      expect(await database.rows('select user_id from opt_out')).toEqual([{ user_id: ANA }]);
    },
  );

  test('row 26: read-only: it is read, and a save says so', async ({ skip }) => {
    const isRoot = process.getuid?.() === 0;
    if (process.platform === 'win32') skip('file modes are not of this system');
    const directory = mkdtempSync(join(tmpdir(), 'parrotfish-readonly-'));
    try {
      await using database = testSqlite();
      const url = `file:${directory}/data/test.db`;
      {
        await using store = await database.open({ url });
        await store.saveSettings(GUILD, { speed: 1.5 });
        await store.saveOptOut(GUILD, ANA, true);
      }
      for (const name of ['test.db', 'test.db.lock', 'test.db.wishes'])
        chmodSync(`${directory}/data/${name}`, 0o444);
      chmodSync(`${directory}/data`, 0o555);
      chmodSync(directory, 0o755);
      // Modes do not hold for root: there the reader is nobody.
      const nobody = isRoot ? { uid: NOBODY_UID, gid: NOBODY_UID } : {};
      await using child = new StoreProcess('look', url, nobody);
      expect(await child.lines(4)).toEqual([
        'open',
        'read-only',
        JSON.stringify({ known: true, speed: 1.5, optOuts: [ANA] }),
        'read-only',
      ]);
    } finally {
      chmodSync(`${directory}/data`, 0o755);
      rmSync(directory, { recursive: true });
    }
  });
});
