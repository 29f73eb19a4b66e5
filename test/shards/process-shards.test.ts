import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { parseShardPlan } from '../../src/shards/plan.ts';
import { type ProcessShards, processShards } from '../../src/shards/process-shards.ts';
import type { OpenShardSession } from '../../src/store/processes/shard-session.ts';

/**
 * The shards of a process with this value of `SHARDS`. `asked` counts how often PostgreSQL was asked, which is away.
 */
function scene(text: string, asked: { times: number } | null): ProcessShards {
  const plan = parseShardPlan(text);
  if (!plan) throw new Error(`${text} is no plan`);
  const open: OpenShardSession | null =
    asked &&
    (async () => {
      asked.times += 1;
      throw new Error('PostgreSQL is away');
    });
  return processShards(plan, { open, onHeld: () => {}, onBack: () => {}, log: createLog('silent', []) });
}

const { signal } = new AbortController();

test('where only one process can use the database, it takes its shards without asking anybody', async () => {
  await using shards = scene('2-3/16', null);
  expect(shards).toMatchObject({ named: { ids: [2, 3], count: 16 }, sharing: null, health: null });
  await shards.claim([2, 3], 16);
  await shards.turn(0, signal);
  await shards.leave();
});

test('shards that the operator names are claimed, and those that are shared are not', async () => {
  const asked = { times: 0 };
  await using shared = scene('shared/16', asked);
  await shared.claim([], 16);
  expect(asked.times).toBe(0);
  expect(shared).toMatchObject({ sharing: { count: 16 }, health: { ok: false } });
  await using named = scene('auto', asked);
  await named.claim([0, 1], 2);
  expect(asked.times).toBe(1);
  expect(named).toMatchObject({ named: null, sharing: null, health: null });
});
