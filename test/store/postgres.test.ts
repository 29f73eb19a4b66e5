import { setTimeout as sleep } from 'node:timers/promises';
import type { KyselyPlugin } from 'kysely';
import postgres from 'postgres';
import { afterEach, expect, test, vi } from 'vitest';
import { guildDefaults } from '../../src/settings/guild.ts';
import { openPostgres } from '../../src/store/postgres/postgres.ts';
import type { Store } from '../../src/store/store.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { ANA, describePostgres, GUILD, OTHER_GUILD, testPostgres } from '../support/store.ts';
import { openChanged } from '../support/store-faults.ts';
import { until } from '../support/until.ts';

// Databases, and processes of their own, take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** PostgreSQL, or what stands between, does not answer: nobody waits longer than this for a save to fail. */
const MOST_WAITING_MS = 12_000;

const well = (store: Store) => until('the database works again', () => store.problem === null, 60_000);

afterEach(() => {
  vi.useRealTimers();
});

describePostgres(server => {
  test('stopped and started again: reading goes on, and what must hold is saved', async () => {
    await using database = await testPostgres(server());
    await using store = await database.open();
    await store.saveSettings(GUILD, { speed: 1.5 });
    await server().down();
    try {
      await until('the loss is noticed', () => store.problem === 'unreachable');
      expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
      expect((await store.guild(OTHER_GUILD)).settings).toEqual(guildDefaults);
      await expect(store.saveSettings(GUILD, { speed: 2 })).rejects.toMatchObject({ problem: 'unreachable' });
      await expect(store.saveOptOut(GUILD, ANA, true)).rejects.toMatchObject({ problem: 'unreachable' });
      store.ledger.add({ guildId: GUILD, userId: ANA, bytes: 5, nanoUsd: 5 });
      await expect(store.ledger.flush()).rejects.toMatchObject({ problem: 'unreachable' });
      await expect(
        database.open({ lease: 'another' }).then(async other => {
          await using opened = other;
          expect((await opened.guild(GUILD)).settings).toEqual(guildDefaults);
          return opened.problem;
        }),
      ).resolves.toBe('unreachable'); // also at the start
    } finally {
      await server().up();
    }
    await well(store);
    await store.ledger.flush();
    expect((await store.saveSettings(GUILD, { volume: 1 })).settings).toMatchObject({
      speed: 1.5,
      volume: 1,
    });
    expect(await database.rows('select user_id from opt_out')).toEqual([{ user_id: ANA }]);
    expect((await database.rows('select bytes from ledger')).map(row => Number(row['bytes']))).toEqual([5]);
    expect(database.logged.join('')).not.toContain('pass-w0rd');
  });

  test('silent: nobody waits for long, and nobody who reads what is known waits at all', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    await using store = await database.open({ url: server().url(database.name, proxy.port) });
    await store.saveSettings(GUILD, { speed: 1.5 });
    proxy.silence();
    const began = performance.now();
    const saving = store.saveSettings(GUILD, { speed: 2 }).catch((error: unknown) => error);
    let turns = 0;
    const count = setInterval(() => (turns += 1), 10);
    await Promise.race([
      sleep(1_000),
      (async () => {
        for (let n = 0; n < 1_000; n++) expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
      })(),
    ]);
    expect(await saving).toMatchObject({ problem: 'unreachable' });
    expect((await store.guild(OTHER_GUILD)).settings).toEqual(guildDefaults);
    expect(performance.now() - began).toBeLessThan(MOST_WAITING_MS);
    clearInterval(count);
    expect(turns).toBeGreaterThan(20);
    proxy.resume();
    await well(store);
    expect((await store.saveSettings(GUILD, { volume: 1 })).settings.volume).toBe(1);
  });

  test('a lock on a table is waited for, but not for ever', async () => {
    await using database = await testPostgres(server());
    await using store = await database.open();
    await store.saveSettings(GUILD, { speed: 1.5 });
    const other = postgres(database.url, { max: 1 });
    try {
      await other`begin`;
      await other`lock table server`;
      await expect(store.saveSettings(GUILD, { speed: 2 })).rejects.toMatchObject({ problem: 'locked' });
      expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
      const saving = store.saveSettings(GUILD, { speed: 2 });
      await sleep(300);
      await other`rollback`;
      expect((await saving).settings.speed).toBe(2);
    } finally {
      await other.end({ timeout: 1 });
    }
  });

  test('taking no writes: it is read, a save says so, and it is well when it takes them', async () => {
    await using database = await testPostgres(server());
    {
      await using store = await database.open();
      await store.saveSettings(GUILD, { speed: 1.5 });
    }
    const set = (value: string) =>
      server().ask(
        'postgres',
        `alter database ${database.name} set default_transaction_read_only = ${value}`,
      );
    await set('on');
    await using store = await database.open();
    expect(store.problem).toBe('read-only');
    expect((await store.guild(GUILD)).settings.speed).toBe(1.5);
    await expect(store.saveSettings(GUILD, { speed: 2 })).rejects.toMatchObject({ problem: 'read-only' });
    await set('off');
    await well(store);
    await store.saveSettings(GUILD, { speed: 2 });
  });

  test('silent while nobody asks: the loss is noticed', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using store = await database.open({ url: server().url(database.name, proxy.port) });
    proxy.silence();
    vi.advanceTimersByTime(10_000);
    await until('the loss is noticed', () => store.problem === 'unreachable', 60_000);
    proxy.resume();
    await well(store);
  });

  test('cut when it had written, and had not said so: the ledger has every byte once', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    await using store = await database.open({ url: server().url(database.name, proxy.port) });
    for (let pass = 1; pass <= 4; pass++) {
      let lost = 0;
      proxy.loses = answer => {
        const loses = lost === 0 && answer.includes('COMMIT');
        if (loses) lost += 1;
        return loses;
      };
      store.ledger.add({ guildId: GUILD, userId: ANA, bytes: pass, nanoUsd: 1 });
      await store.ledger.flush().catch(() => {});
      expect(lost).toBe(1);
      await well(store);
      await store.ledger.flush();
      expect((await store.ledger.guildDays(GUILD, 1)).map(({ bytes }) => bytes)).toEqual([
        (pass * (pass + 1)) / 2,
      ]);
    }
  });

  test('cut between two statements of a transaction: neither is done', async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    const url = server().url(database.name, proxy.port);
    let losses = 0;
    const { signal } = new AbortController();
    const opened = await openPostgres({
      url,
      lost: () => (losses += 1),
      signal,
      log: database.log,
    });
    const change = opened.db.transaction().execute(async tx => {
      await tx.insertInto('opt_out').values({ guild_id: GUILD, user_id: ANA }).execute();
      proxy.cut();
      await until('the loss is noticed', () => losses === 1);
      await tx.insertInto('opt_out').values({ guild_id: OTHER_GUILD, user_id: ANA }).execute();
    });
    await expect(change).rejects.toMatchObject({ problem: 'unreachable' });
    await opened.close();
    expect(await database.rows('select * from opt_out')).toEqual([]);
    expect(losses).toBe(1);
  });

  test('read before a save and answered after it: the save holds', async () => {
    await using database = await testPostgres(server());
    {
      await using store = await database.open();
      await store.saveSettings(GUILD, { speed: 0.5 });
    }
    const gate = Promise.withResolvers<void>();
    let reading = false;
    let first = true;
    const slow: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (reading && first) {
          first = false;
          await gate.promise;
        }
        return result;
      },
    };
    await using store = await openChanged(database, opened => ({
      ...opened,
      db: opened.db.withPlugin(slow),
    }));
    reading = true;
    const read = store.guild(GUILD);
    await until('it is being read', () => !first);
    await store.saveSettings(GUILD, { speed: 2 });
    gate.resolve();
    expect((await read).settings.speed).toBe(2);
    await sleep(50);
    expect(store.cached(GUILD)?.settings.speed).toBe(2);
  });

  test('cut at any moment: the ledger has every byte once, and a save all or nothing', {
    timeout: 120_000,
  }, async () => {
    await using database = await testPostgres(server());
    await using proxy = await PostgresProxy.start(server().port);
    await using store = await database.open({ url: server().url(database.name, proxy.port) });
    await store.saveSettings(GUILD, {});
    let bytes = 0;
    for (let requests = 1; requests <= 8; requests++) {
      let left = requests;
      let cuts = 0;
      const cutting = Promise.withResolvers<void>();
      proxy.onRequest = (request, cut) => {
        left -= 1;
        // Also with what was sent on its way: nobody then hears that it was done.
        if (left > 0 && !(requests % 3 === 0 && request.includes('commit'))) return;
        proxy.onRequest = () => {};
        cuts += 1;
        setTimeout(
          () => {
            cut();
            cutting.resolve();
          },
          requests % 2 ? 0 : 20,
        );
      };
      store.ledger.add({ guildId: GUILD, userId: ANA, bytes: requests, nanoUsd: requests });
      bytes += requests;
      const number = String(requests);
      const all = {
        settings: { ...guildDefaults, leaveAfter: 100 + requests },
        words: new Map([['number', number]]),
      };
      await Promise.allSettled([store.ledger.flush(), store.replaceGuild(GUILD, all)]);
      proxy.onRequest = () => {};
      expect(cuts, `cut at request ${requests}`).toBe(1);
      await cutting.promise; // it may come when all is done already
      await expect
        .poll(() => store.exportPerson(ANA).then(Boolean, () => false), { timeout: 30_000 })
        .toBe(true);
      await well(store);
      await store.ledger.flush();
      const sums = await database.rows('select sum(bytes) as bytes from ledger');
      expect(Number(sums[0]?.['bytes'])).toBe(bytes);
      const [row] = await database.rows('select settings from server');
      const { leaveAfter = 101 } = JSON.parse(String(row?.['settings'])) as { leaveAfter?: number };
      const [word] = await database.rows('select say from word');
      if (word) expect(String(leaveAfter - 100)).toBe(word['say']);
      expect(store.ledger.guildToday(GUILD)).toBe(bytes);
    }
  });
});
