import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { ShardsHeldError } from '../../src/shards/errors.ts';
import { FixedShards } from '../../src/shards/fixed-shards.ts';
import { SHARD_TIMINGS } from '../../src/shards/timings.ts';
import { shardSessions } from '../../src/store/open.ts';
import type { OpenShardSession } from '../../src/store/processes/shard-session.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { COUNT, ShardProcess } from '../support/shard-process.ts';
import { REAL_TIMINGS, SHORT_TIMINGS, shortenShardTimings } from '../support/short-shard-timings.ts';
import { describePostgres, testPostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
shortenShardTimings();

test('a process falls silent well before another one may speak in its place', () => {
  expect(REAL_TIMINGS.quiet - REAL_TIMINGS.fence).toBeGreaterThanOrEqual(1_500);
  expect(REAL_TIMINGS.fence).toBeGreaterThan(10_000 + REAL_TIMINGS.look + 2 * REAL_TIMINGS.again); // ten seconds without PostgreSQL are not heard
});

describePostgres(server => {
  const made = async () => {
    const database = await testPostgres(server());
    await using _ = await database.open();
    return database;
  };

  test('who comes gets its part, who leaves gives all back, and nobody has a shard that another one has', async () => {
    await using database = await made();
    await using one = new ShardProcess(database);
    await one.start();
    await one.has(COUNT);
    await using two = new ShardProcess(database);
    expect(await two.start(99, true)).toBe(COUNT); // it takes the count that the others have
    await two.has(2);
    await using three = new ShardProcess(database);
    await three.start();
    await three.has(1);
    await until('all are held', () => one.running.size + two.running.size === 3);
    expect(new Set([...one.running, ...two.running, ...three.running]).size).toBe(COUNT);
    expect(three.shards.health).toEqual({
      ok: true,
      detail: expect.stringMatching(/^shards \d here, of 4 in /),
    });
    await one.shards.leave();
    await until('the others have all', () => two.running.size + three.running.size === COUNT, 60_000);
    await three.shards.leave();
    await two.has(COUNT);
    for (const { did } of [one, two, three])
      for (const { what, quietUntil } of did) expect([what, quietUntil]).not.toEqual(['drop', 0]);
    expect([...two.did, ...three.did].every(({ quietUntil }) => quietUntil === 0)).toBe(true); // nobody was killed
  });

  test('other counts of shards, and processes with shards of their own, are not mixed in', async () => {
    await using database = await made();
    await using one = new ShardProcess(database);
    await one.start();
    await using other = new ShardProcess(database);
    void other.start(8);
    await until('it is told', () => other.held.length > 0, 60_000);
    expect(other.held[0]).toMatchObject({
      exitCode: 75,
      message: expect.stringMatching(/shared\/4.*shared\/8/),
    });
    const open = shardSessions(database.url, 'bot');
    const held: ShardsHeldError[] = [];
    await using fixed =
      open && new FixedShards({ open, onHeld: error => held.push(error), log: database.log });
    void fixed?.claim([0], COUNT);
    await until('it is told too', () => held.length > 0, 60_000);
    expect(held[0]?.message).toMatch(/shared\/4.*4 fixed/);
  });

  test('a lost process falls silent before another one speaks in its place', async () => {
    await using database = await made();
    await using proxy = await PostgresProxy.start(server().port);
    await using lost = new ShardProcess({ ...database, url: server().url(database.name, proxy.port) });
    await lost.start();
    await using heir = new ShardProcess(database);
    await heir.start();
    await lost.has(2);
    await heir.has(2);
    proxy.silence(); // it hears nothing any more
    await database.rows(
      `select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)
       where locktype = 'advisory' and client_port in (${proxy.serverPorts.join(', ')})`,
    );
    await until('it is taken over', () => heir.running.size === COUNT, 60_000);
    await until('it gives up', () => lost.running.size === 0, 60_000);
    const silent = Math.max(...lost.did.filter(({ what }) => what === 'drop').map(({ at }) => at));
    const speaks = heir.did.filter(({ quietUntil }) => quietUntil > 0).map(({ quietUntil }) => quietUntil);
    expect(speaks).toHaveLength(2);
    expect(silent).toBeLessThan(Math.min(...speaks));
    expect(lost.shards.health.ok).toBe(false);
    proxy.resume();
    proxy.cut();
    await lost.has(2); // it is one of them again
    await heir.has(2);
  });

  test.each(['back', 'still lost'])(
    'a session is lost while a shard is given back, and %s when that is done: its heir starts at once',
    async then => {
      Object.assign(SHARD_TIMINGS, { fence: 60_000, sure: 60_000 });
      await using database = await made();
      const open = shardSessions(database.url, 'bot');
      let door = Promise.resolve();
      let opened = 0;
      const sessions: OpenShardSession = async how => {
        await door;
        const session = await open?.(how);
        if (!session) throw new Error('no PostgreSQL');
        opened += 1;
        return session;
      };
      await using one = new ShardProcess({ ...database, sessions });
      await one.start();
      await one.has(COUNT);
      const silent = Promise.withResolvers<void>();
      one.closing = silent.promise;
      await using heir = new ShardProcess(database);
      await heir.start();
      await until('one gives back', () => one.did.some(({ what }) => what === 'close'));
      const mayComeBack = Promise.withResolvers<void>();
      door = mayComeBack.promise;
      await database.rows(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' group by pid having count(*) > ${COUNT}`,
      );
      await until('it is lost', () => one.shards.health.detail.startsWith('PostgreSQL does not answer for'));
      if (then === 'still lost') silent.resolve();
      await sleep(0);
      mayComeBack.resolve();
      await until('it is back', () => opened === 2 && one.shards.health.detail.startsWith('shards'));
      silent.resolve();
      await heir.has(2);
      expect(heir.did.map(({ what, quietUntil }) => [what, quietUntil])).toEqual([
        ['open', 0],
        ['open', 0],
      ]);
      expect(one.did.filter(({ what }) => what === 'close')).toHaveLength(2);
      expect(one.running.size).toBe(2);
    },
  );

  test('PostgreSQL away for a while: nobody notices; for long: all give up, and have theirs again afterwards', async () => {
    const database = await made();
    await using one = new ShardProcess(database);
    await using two = new ShardProcess(database);
    await one.start();
    await two.start();
    await one.has(2);
    await two.has(2);
    const before = [[...one.running], [...two.running]];
    const did = () => one.did.length + two.did.length;
    const soFar = did();
    await server().down();
    await sleep(500);
    await server().up();
    await sleep(SHORT_TIMINGS.sure + 1_000);
    expect(did()).toBe(soFar);
    await server().down();
    await until('all give up', () => one.running.size + two.running.size === 0, 60_000);
    expect(one.shards.health).toEqual({
      ok: false,
      detail: expect.stringContaining('PostgreSQL does not answer'),
    });
    await server().up();
    await one.has(2);
    await two.has(2);
    expect(new Set([...one.running, ...two.running])).toEqual(new Set(before.flat()));
  });

  test('a turn at Discord’s queue is that of one process, and lasts', async () => {
    await using database = await made();
    await using one = new ShardProcess(database);
    await using two = new ShardProcess(database);
    await one.start();
    await two.start();
    const { signal } = new AbortController();
    await one.shards.turn(0, signal);
    const from = performance.now();
    await two.shards.turn(1, signal); // another place is free
    await two.shards.turn(0, signal);
    expect(performance.now() - from).toBeGreaterThan(SHORT_TIMINGS.turn - 100);
    await expect(one.shards.turn(0, AbortSignal.timeout(50))).rejects.toThrow();
  });
});
