import { type Client, Collection } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GatewayClient } from '../../../src/discord/gateway/client.ts';
import { RunningShards } from '../../../src/discord/gateway/running-shards.ts';
import { GATEWAY_TIMINGS } from '../../../src/discord/gateway/timings.ts';
import { createLog } from '../../../src/log.ts';
import { until } from '../../support/until.ts';

const REAL = { ...GATEWAY_TIMINGS };
beforeEach(() => void Object.assign(GATEWAY_TIMINGS, { pause: 5, longestPause: 20 }));
afterEach(() => void Object.assign(GATEWAY_TIMINGS, REAL));

/** Shards of a client that talks to nobody. `did` has what its strategy was told; `fails` has it fail to add. */
function fakeShards() {
  const did: [what: 'add' | 'remove', shard: number, quietUntil?: number][] = [];
  const discord = { fails: false };
  const ws = {
    shards: new Collection<number, unknown>(),
    status: 0,
    totalShards: 0,
    triggerClientReady() {},
  };
  const client = { ws, guilds: { cache: new Collection() }, emit: () => true } as unknown as Client;
  const strategy = {
    async add(shard: number, quietUntil: number) {
      did.push(['add', shard, quietUntil]);
      if (discord.fails) throw new Error('Service Unavailable');
    },
    async remove(shard: number) {
      did.push(['remove', shard]);
    },
  };
  const gateway = { client, strategy, seesContent: true } as unknown as GatewayClient;
  const shards = new RunningShards({ gateway, onGone: async () => {}, log: createLog('silent', []) });
  return { did, discord, shards };
}

test('a shard is connected once Discord tells how, also if it could not at first', async () => {
  const { did, discord, shards } = fakeShards();
  discord.fails = true;
  shards.add(3, 77);
  await until('it was tried again and again', () => did.length >= 3);
  discord.fails = false;
  const tries = did.length;
  await until('it is connected', () => did.length > tries);
  await shards.remove(3);
  expect(
    did.slice(0, -1).every(([what, shard, until]) => what === 'add' && shard === 3 && until === 77),
  ).toBe(true);
  expect(did.at(-1)).toEqual(['remove', 3]);
});

test('a shard that cannot be connected is given back all the same', async () => {
  const { did, discord, shards } = fakeShards();
  discord.fails = true;
  shards.add(3, 0);
  await until('it was tried', () => did.length > 0);
  await shards.remove(3);
  const last = did.length;
  shards.add(4, 0);
  await until('another one is tried', () => did.length > last + 1);
  expect(did.slice(last).every(([, shard]) => shard === 4)).toBe(true);
  await shards.remove(4);
});

test('a shard that has to connect once more is still quiet for as long', async () => {
  const { did, shards } = fakeShards();
  shards.add(0, 123);
  shards.again(0);
  await shards.remove(0);
  expect(did.filter(([what]) => what === 'add').map(([, , until]) => until)).not.toContain(0);
});
