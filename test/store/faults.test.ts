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
import { ANA, BEN, describeStores, GUILD, OTHER_GUILD, testSqlite } from '../support/store.ts';
import { failing, openChanged } from '../support/store-faults.ts';
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

describeStores(create => {
  test('while nothing can be saved, reading goes on, and what must hold does and is saved later', async () => {
    await using database = await create();
    let broken = false;
    let calm = 0;
    await using store = await openChanged(
      database,
      failing(() => broken && calm-- <= 0),
    );
    await store.saveSettings(GUILD, { speed: 1.5 });
    await store.saveOptOut(GUILD, BEN, true);
    broken = true;
    await expect(store.saveSettings(GUILD, { speed: 0.5 })).rejects.toMatchObject({
      name: 'StoreError',
      problem: 'full',
    });
    expect(store.problem).toBe('full');
    await expect(store.savePerson(GUILD, ANA, { speed: 2 })).rejects.toMatchObject({ problem: 'full' });
    calm = 3; // some statements of the transaction work, then one fails
    await expect(
      store.replaceGuild(GUILD, {
        settings: { ...guildDefaults, speed: 0.5 },
        words: new Map([['a', 'b']]),
      }),
    ).rejects.toMatchObject({ problem: 'full' });
    await expect(store.deletePerson(BEN)).rejects.toMatchObject({ problem: 'full' });
    await expect(store.exportPerson(BEN)).rejects.toMatchObject({ problem: 'full' });
    const { settings, people, words, optOuts } = await store.guild(GUILD);
    expect([settings.speed, people.size, words.size]).toEqual([1.5, 0, 0]);
    expect(optOuts).toEqual(new Set([BEN]));
    expect((await store.guild(OTHER_GUILD)).settings).toEqual(guildDefaults);

    await expect(store.saveOptOut(GUILD, ANA, true)).rejects.toMatchObject({ problem: 'full' });
    await expect(store.saveOptOut(OTHER_GUILD, BEN, true)).rejects.toMatchObject({ problem: 'full' });
    await expect(store.saveOptOut(OTHER_GUILD, BEN, false)).rejects.toMatchObject({ problem: 'full' });
    await expect(store.guildLeft('100000000000000004')).rejects.toMatchObject({ problem: 'full' });
    expect(
      store.rememberSettings(GUILD, { channels: [{ id: GUILD, addedBy: 'join' }] }).settings,
    ).toMatchObject({
      speed: 1.5,
      channels: [{ id: GUILD }],
    });
    expect((await store.guild(GUILD)).optOuts).toEqual(new Set([ANA, BEN]));
    expect((await store.guild(OTHER_GUILD)).optOuts).toEqual(new Set());

    broken = false;
    await until('the database works again', () => store.problem === null);
    await store.saveSettings('100000000000000005', {}); // in its turn after what was unsaved
    expect(
      await database.rows(`select user_id from opt_out where guild_id = '${GUILD}' order by user_id`),
    ).toEqual([{ user_id: ANA }, { user_id: BEN }]);
    expect(await database.rows(`select * from opt_out where guild_id = '${OTHER_GUILD}'`)).toEqual([]);
    await expect
      .poll(() => database.rows('select guild_id from guild_left'), { timeout: 10_000 })
      .toEqual([{ guild_id: '100000000000000004' }]);
    const [row] = await database.rows(`select settings from server where guild_id = '${GUILD}'`);
    expect(JSON.parse(String(row?.['settings']))).toMatchObject({ speed: 1.5, channels: [{ id: GUILD }] });
    expect(await database.rows('select * from word')).toEqual([]);
  });

  test('a later save wins over what was to be saved before it', async () => {
    await using database = await create();
    let broken = true;
    await using store = await openChanged(
      database,
      failing(() => broken),
    );
    store.rememberSettings(GUILD, { speed: 0.5, volume: 3 });
    await expect(store.saveSettings(GUILD, { maxSeconds: 10 })).rejects.toMatchObject({ problem: 'full' });
    broken = false;
    const saved = await store.saveSettings(GUILD, { speed: 2 });
    expect(saved.settings).toMatchObject({ speed: 2, volume: 3 });
    await until('the database works again', () => store.problem === null);
    await store[Symbol.asyncDispose]();
    await using again = await database.open();
    expect((await again.guild(GUILD)).settings).toEqual({ ...guildDefaults, speed: 2, volume: 3 });
  });

  test('what could not be read is the defaults, and is read when it can be', async () => {
    await using database = await create();
    {
      await using store = await database.open();
      await store.saveSettings(GUILD, { speed: 1.5 });
    }
    let broken = true;
    await using store = await openChanged(
      database,
      failing(() => broken),
    );
    expect((await store.guild(GUILD)).settings).toEqual(guildDefaults);
    broken = false;
    await until('the database works again', () => store.problem === null);
    expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
  });

  test('every statement of every save may fail, and then nothing of it was saved', async () => {
    await using database = await create();
    let left = Number.POSITIVE_INFINITY;
    await using store = await openChanged(
      database,
      failing(() => left-- <= 0),
    );
    await store.replaceGuild(GUILD, { settings: guildDefaults, words: new Map([['old', 'word']]) });
    await store.savePerson(GUILD, ANA, { speed: 1.5 });
    await store.ledger.flush();
    const tables = ['server', 'person', 'opt_out', 'word', 'ledger'];
    const all = async () =>
      JSON.stringify(
        await Promise.all(tables.map(table => database.rows(`select * from ${table} order by 1, 2`))),
      );
    const saves = [
      () => store.saveSettings(GUILD, { speed: 1 + 1 / saved }),
      () => store.savePerson(GUILD, BEN, { volume: saved / 100 }),
      () => store.replaceGuild(GUILD, { settings: guildDefaults, words: new Map([['new', String(saved)]]) }),
      () => store.deletePerson(ANA),
    ];
    let saved = 1;
    for (const save of saves) {
      const before = await all();
      for (let allowed = 0; ; allowed++) {
        expect(allowed).toBeLessThan(50);
        left = allowed;
        const ok = await save().then(
          () => true,
          () => false,
        );
        left = Number.POSITIVE_INFINITY;
        if (ok) break;
        expect(await all()).toBe(before);
      }
      saved += 1;
      expect(await all()).not.toBe(before);
    }
  });

  test('neither the log nor what the database keeps has a word, a voice, or a password that it should not', async () => {
    await using database = await create();
    let broken = false;
    {
      await using store = await openChanged(
        database,
        failing(() => broken),
      );
      await store.saveWords(GUILD, new Map([['Wortdesmenschen', 'gesagt']]));
      await store.savePerson(GUILD, ANA, { voice: 'voice-of-ana' });
      broken = true;
      await store.saveWords(GUILD, new Map([['Anderswort', 'gesagt']])).catch(() => {});
      await store.savePerson(GUILD, ANA, { voice: 'other-voice' }).catch(() => {});
      broken = false;
      await until('the database works again', () => store.problem === null);
    }
    await database
      .rows('drop table person'.concat(database.kind === 'sqlite' ? '' : ' cascade'))
      .catch(() => []);
    {
      await using store = await database.open();
      await store.savePerson(GUILD, ANA, { voice: 'third-voice' }).catch(() => {});
      await store.guild(GUILD);
    }
    const logged = database.logged.join('');
    expect(logged).toContain('the database does not work');
    expect(logged).not.toMatch(/wort|gesagt|voice|pass-w0rd/i);
    const kept = JSON.stringify(
      await Promise.all(
        ['server', 'opt_out', 'ledger', 'ledger_batch'].map(table => database.rows(`select * from ${table}`)),
      ),
    );
    expect(kept).not.toMatch(/wort|gesagt|voice|pass-w0rd/i);
  });
});

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
      for (const name of ['test.db', 'test.db.lock']) chmodSync(`${directory}/data/${name}`, 0o444);
      chmodSync(`${directory}/data`, 0o555);
      chmodSync(directory, 0o755);
      // Modes do not hold for root: there the reader is nobody.
      const nobody = isRoot ? { uid: NOBODY_UID, gid: NOBODY_UID } : {};
      await using child = new StoreProcess('look', url, nobody);
      expect(await child.lines(4)).toEqual([
        'open',
        'read-only',
        JSON.stringify({ speed: 1.5, optOuts: [ANA] }),
        'read-only',
      ]);
    } finally {
      chmodSync(`${directory}/data`, 0o755);
      rmSync(directory, { recursive: true });
    }
  });
});
