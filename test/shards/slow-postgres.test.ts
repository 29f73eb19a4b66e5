import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import { SHARD_TIMINGS } from '../../src/shards/timings.ts';
import type { OpenShardSession, ShardView } from '../../src/store/processes/shard-session.ts';
import { ShardProcess } from '../support/shard-process.ts';
import { SHORT_TIMINGS, shortenShardTimings } from '../support/short-shard-timings.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
shortenShardTimings();

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
  expect(process.did[0]?.quietUntil).toBeGreaterThanOrEqual(toldAt + SHORT_TIMINGS.quiet);
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
