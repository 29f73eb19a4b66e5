import { expect, test, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import type { ShardsHeldError } from '../../src/shards/errors.ts';
import { FixedShards } from '../../src/shards/fixed-shards.ts';
import { shardSessions } from '../../src/store/open.ts';
import { PostgresConnection } from '../../src/store/postgres/connection.ts';
import type { OpenShardSession } from '../../src/store/processes/shard-session.ts';
import { describePostgres, type TestDatabase, testPostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** One process of a bot, as far as its shards are concerned; `held` has what kept it from them. */
function shardsOf({ url, log }: Pick<TestDatabase, 'url' | 'log'>, bot = 'bot') {
  const held: ShardsHeldError[] = [];
  const open = shardSessions(url, bot);
  if (!open) throw new Error('no PostgreSQL');
  return { held, shards: new FixedShards({ open, onHeld: error => held.push(error), log }) };
}

/** The database, with its tables. */
async function made(database: TestDatabase): Promise<TestDatabase> {
  await using _ = await database.open();
  return database;
}

describePostgres(server => {
  test('ranges beside each other work at once; where two overlap the second may not go on', async () => {
    await using database = await made(await testPostgres(server()));
    const low = shardsOf(database);
    const high = shardsOf(database);
    const middle = shardsOf(database);
    const other = shardsOf(database, 'another bot');
    try {
      await low.shards.claim([0, 1, 2, 3], 16);
      await high.shards.claim([4, 5, 6, 7], 16);
      await other.shards.claim([0, 1], 2);
      void middle.shards.claim([3, 4, 8], 16);
      await until('it is told', () => middle.held.length > 0, 30_000);
      expect(middle.held[0]).toMatchObject({
        exitCode: 75,
        message: expect.stringMatching(/^Another Parrotfish [^\n]* shards 3, 4: [^\n]*$/),
      });
      await middle.shards[Symbol.asyncDispose]();
      const next = shardsOf(database);
      await next.shards.claim([8], 16); // what the one that may not go on had taken is free
      await low.shards[Symbol.asyncDispose]();
      await next.shards[Symbol.asyncDispose]();
      const again = shardsOf(database);
      await again.shards.claim([0, 1, 2, 3, 8], 16);
      expect([...low.held, ...high.held, ...next.held, ...again.held, ...other.held]).toEqual([]);
      await again.shards[Symbol.asyncDispose]();
      const rows = await database.rows('select shard from shard_hold order by bot, shard');
      expect(rows).toHaveLength(6); // those that gave theirs back have left nothing
    } finally {
      for (const { shards } of [low, high, middle, other]) await shards[Symbol.asyncDispose]();
    }
  });

  test('another count of shards is not mixed in, nor are shared shards', async () => {
    await using database = await made(await testPostgres(server()));
    const first = shardsOf(database);
    const second = shardsOf(database);
    try {
      await first.shards.claim([0, 1], 16);
      void second.shards.claim([3], 8);
      await until('it is told', () => second.held.length > 0, 30_000);
      expect(second.held[0]?.message).toMatch(/16 fixed shards.* 8 fixed shards/);
    } finally {
      for (const { shards } of [first, second]) await shards[Symbol.asyncDispose]();
    }
  });

  test('of two that start at the same instant with the same shards, one has all of them', async () => {
    await using database = await made(await testPostgres(server()));
    let wanting = 0;
    const bothWant = Promise.withResolvers<void>();
    const start = () => {
      const open: OpenShardSession = async how => {
        const session = await shardSessions(database.url, 'bot')?.(how);
        if (!session) throw new Error('no PostgreSQL');
        const take = session.take.bind(session);
        session.take = async shard => {
          wanting += shard === 0 ? 1 : 0;
          if (wanting === 2) bothWant.resolve();
          await bothWant.promise;
          return await take(shard);
        };
        return session;
      };
      return new FixedShards({ open, onHeld: () => happened.push('held back'), log: database.log });
    };
    const happened: string[] = [];
    await using one = start();
    await using other = start();
    for (const shards of [one, other])
      void shards.claim([0, 1, 2, 3, 4, 5, 6, 7], 8).then(() => happened.push('has all'));
    await until('both know', () => happened.length === 2, 30_000);
    expect(happened).toEqual(['has all', 'held back']);
  });

  test('a session that this process has lost does not keep it from its shards, before PostgreSQL knows', async () => {
    await using database = await made(await testPostgres(server()));
    const open = shardSessions(database.url, 'bot');
    const lost: string[] = [];
    const session = async (holder: string) => {
      const opened = await open?.({ holder, onLost: () => lost.push(holder), onWake: () => {} });
      if (!opened) throw new Error('no PostgreSQL');
      await opened.join({ count: 1, isShared: false }, { adopts: false });
      return opened;
    };
    const first = await session('first');
    expect(await first.take(0)).toBe(true);
    const second = await session('second');
    expect(await second.take(0)).toBe(true);
    await until('the first one has ended', () => lost.length > 0);
    expect(lost).toEqual(['first']);
    second.end();
  });

  test('a process of version 1.0.0 and a later one do not work beside each other', async () => {
    await using database = await made(await testPostgres(server()));
    const old = new PostgresConnection(database.url);
    const lock = "select pg_try_advisory_lock(hashtextextended('parrotfish ' || $1::text, 0)) as held";
    expect([...(await old.query<object[]>(lock, ['bot']))]).toEqual([{ held: true }]);
    const late = shardsOf(database);
    const first = shardsOf(database, 'another bot');
    try {
      void late.shards.claim([0], 1);
      await until('it is told', () => late.held.length > 0, 30_000);
      expect(late.held[0]).toMatchObject({ exitCode: 75, message: expect.stringContaining('version 1.0.0') });
      await first.shards.claim([0], 1);
      expect([...(await old.query<object[]>(lock, ['another bot']))]).toEqual([{ held: false }]);
    } finally {
      old.end();
      for (const { shards } of [late, first]) await shards[Symbol.asyncDispose]();
    }
  });

  test('PostgreSQL is away: it goes on, and has its shards again afterwards, or learns that another has them', async () => {
    const database = await made(await testPostgres(server()));
    const log = createLog('silent', []);
    const first = shardsOf({ url: database.url, log });
    const late = shardsOf({ url: database.url, log });
    try {
      await first.shards.claim([0, 1], 2);
      await server().down();
      await late.shards.claim([1], 2); // resolves: a database in trouble keeps nobody from speaking
      await server().up();
      await until('one of them has it', () => first.held.length + late.held.length > 0, 60_000);
      expect(first.held.length + late.held.length).toBe(1);
      const open = shardSessions(database.url, 'bot');
      const session = await open?.({ holder: 'the test', onLost: () => {}, onWake: () => {} });
      const held = async () => new Set((await session?.look())?.held.keys());
      await expect.poll(held, { timeout: 60_000 }).toEqual(new Set(first.held.length === 0 ? [0, 1] : [1]));
      session?.end();
    } finally {
      for (const { shards } of [first, late]) await shards[Symbol.asyncDispose]();
    }
  });
});
