import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import type { ShardsHeldError } from '../../src/shards/errors.ts';
import { FixedShards } from '../../src/shards/fixed-shards.ts';
import { SHARD_TIMINGS } from '../../src/shards/timings.ts';
import { shardSessions } from '../../src/store/open.ts';
import type { OpenShardSession, ShardView } from '../../src/store/shard-session.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { COUNT, ShardProcess } from '../support/shard-process.ts';
import { describePostgres, testPostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const REAL = { ...SHARD_TIMINGS };
const SHORT = { look: 100, again: 30, check: 10, fence: 6_000, sure: 2_000, quiet: 8_000, turn: 500 };

beforeEach(() => void Object.assign(SHARD_TIMINGS, SHORT));
afterEach(() => void Object.assign(SHARD_TIMINGS, REAL));

test('a process falls silent well before another one may speak in its place', () => {
  expect(REAL.quiet - REAL.fence).toBeGreaterThanOrEqual(1_500);
  expect(REAL.fence).toBeGreaterThan(10_000 + REAL.look + 2 * REAL.again); // ten seconds without PostgreSQL are not heard
});

/**
 * Sessions of a database in which `view` is to be seen, and which gives a shard as soon as `take` resolves.
 * `loseSession` loses the present session.
 */
function fakeSessions(
  view: () => Promise<Omit<ShardView, 'me' | 'members'>>,
  take: () => Promise<unknown> = () => Promise.resolve(),
) {
  let lose = () => {};
  const own = new Set<number>();
  const open: OpenShardSession = async ({ onLost }) => {
    lose = onLost;
    own.clear();
    return {
      join: group => Promise.resolve(group),
      async look() {
        const { held, abandoned } = await view();
        const mine = [...own].map(shard => [shard, { own: true, byMember: true }] as const);
        return { me: 1, members: new Map([[1, own.size]]), held: new Map([...held, ...mine]), abandoned };
      },
      async take(shard) {
        await take();
        own.add(shard);
        return true;
      },
      giveBack: () => Promise.resolve(),
      leave: () => Promise.resolve(),
      takeTurn: () => Promise.resolve(true),
      endTurn: () => Promise.resolve(),
      wakeOthers: () => Promise.resolve(),
      end: () => {},
    };
  };
  return { open, loseSession: () => lose() };
}

test('a lock was lost no earlier than its loss was seen, however long PostgreSQL took to tell', async () => {
  let toldAt = Number.POSITIVE_INFINITY;
  const { open } = fakeSessions(async () => {
    await sleep(300);
    toldAt = Math.min(toldAt, performance.now());
    return { held: new Map(), abandoned: new Map([[0, 'somebody else']]) };
  });
  Object.assign(SHARD_TIMINGS, { sure: 200 });
  await using process = new ShardProcess({ sessions: open, log: createLog('silent', []) });
  await process.start(1);
  await process.has(1);
  expect(process.did[0]?.quietUntil).toBeGreaterThanOrEqual(toldAt + SHORT.quiet);
});

test('a shard that another process has had and lost meanwhile is not simply gone on with', async () => {
  const abandoned = new Map<number, string>();
  const { open, loseSession } = fakeSessions(async () => ({
    held: new Map(),
    abandoned: new Map(abandoned),
  }));
  Object.assign(SHARD_TIMINGS, { sure: 200 });
  await using process = new ShardProcess({ sessions: open, log: createLog('silent', []) });
  await process.start(1);
  await process.has(1);
  abandoned.set(0, 'somebody else');
  loseSession();
  await until('it has it again', () => process.did.length >= 3, 30_000);
  expect(process.did.map(({ what, quietUntil }) => [what, quietUntil > 0])).toEqual([
    ['open', false],
    ['drop', false],
    ['open', true],
  ]);
});

test('why PostgreSQL cannot be reached is in the log', async () => {
  const lines: string[] = [];
  const log = createLog('info', [], { write: line => void lines.push(line) });
  await using process = new ShardProcess({ url: 'postgres://127.0.0.1:1/none', log });
  void process.start();
  await until('it is told', () => lines.length > 0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code: 'ECONNREFUSED' });
});

/** A process whose PostgreSQL answers each question of a kind as soon as `look` or `take` resolves. */
function slowly(slow: { look?: () => Promise<unknown>; take: () => Promise<unknown> }) {
  const { open, loseSession } = fakeSessions(async () => {
    await slow.look?.();
    return { held: new Map(), abandoned: new Map() };
  }, slow.take);
  const process = new ShardProcess({ sessions: open, log: createLog('silent', []) });
  return { process, loseSession };
}

const dropped = ({ did }: ShardProcess) =>
  did.filter(({ what }) => what === 'drop').map(({ shard }) => shard);

test('a slow PostgreSQL that always answers costs no shard while shards are taken', async () => {
  Object.assign(SHARD_TIMINGS, { fence: 4_000 });
  const { process } = slowly({ take: () => sleep(200) });
  await using _ = process;
  await process.start(30);
  await process.has(30);
  expect(dropped(process)).toEqual([]);
  expect(process.did).toHaveLength(30);
});

test('a slow PostgreSQL that always answers costs no shard while shards are taken again', async () => {
  Object.assign(SHARD_TIMINGS, { fence: 4_000 });
  let takeMs = 0;
  const { process, loseSession } = slowly({ take: () => sleep(takeMs) });
  await using _ = process;
  await process.start(30);
  await process.has(30);
  takeMs = 200;
  loseSession();
  await until('it has them again', () => process.shards.health.detail.startsWith('shards'));
  expect(dropped(process)).toEqual([]);
});

test('only those shards fall silent that are not taken again in time', async () => {
  Object.assign(SHARD_TIMINGS, { fence: 4_000 });
  let lookMs = 0;
  let taken = 0;
  const late = Promise.withResolvers<void>();
  const { process, loseSession } = slowly({
    look: () => sleep(lookMs),
    take: async () => {
      taken += 1;
      if (taken > 10) await late.promise;
    },
  });
  await using _ = process;
  await process.start(8);
  await process.has(8);
  const inOrder = [...process.running];
  lookMs = 2_000;
  const lostAt = performance.now();
  loseSession();
  await until('some fall silent', () => dropped(process).length > 0);
  expect(performance.now() - lostAt).toBeLessThan(SHARD_TIMINGS.quiet);
  lookMs = 0;
  late.resolve();
  await until('it has all again', () => process.running.size === 8);
  expect(dropped(process)).toEqual(inOrder.slice(2));
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
    await sleep(SHORT.sure + 1_000);
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
    expect(performance.now() - from).toBeGreaterThan(SHORT.turn - 100);
    await expect(one.shards.turn(0, AbortSignal.timeout(50))).rejects.toThrow();
  });
});
