import { type Client, Collection } from 'discord.js';
import { expect, test } from 'vitest';
import { noReadNotes } from '../../../src/discord/chat/read-marks.ts';
import type { GatewayClient } from '../../../src/discord/gateway/client.ts';
import { GatewayShardHost } from '../../../src/discord/gateway/shard-host.ts';
import { createLog } from '../../../src/log.ts';
import { until } from '../../support/until.ts';

/**
 * A host whose client knows two guilds of shard 0 and one of shard 1. `closed` has the guilds in which no session may
 * be opened, `forgotten` those of whose statuses nothing is known any more; `ending` is called while sessions are
 * brought to an end.
 */
function fakeHost({ ending = async () => {} }: { ending?: (guilds: Map<string, unknown>) => Promise<void> }) {
  const guilds = new Collection<string, unknown>();
  const add = (id: string, shardId: number) =>
    guilds.set(id, { id, shardId, channels: { cache: new Map() } });
  add('ants', 0);
  add('bees', 0);
  add('cats', 1);
  const ws = { shards: new Map(), totalShards: 0, triggerClientReady() {} };
  const client = { ws, guilds: { cache: guilds }, voice: { adapters: new Map() } } as unknown as Client;
  const closed = new Set<string>();
  const drains: string[] = [];
  const forgotten: string[] = [];
  const host = new GatewayShardHost({
    gateway: { client, strategy: undefined } as unknown as GatewayClient,
    sessions: {
      async drain(ids) {
        drains.push(...ids);
        for (const id of ids) closed.add(id);
        await ending(guilds);
      },
      reopen(ids) {
        for (const id of ids) closed.delete(id);
      },
    },
    statuses: { takeBackIn: async () => {}, gone: ids => void forgotten.push(...ids) },
    marks: noReadNotes,
    store: { guildsHandedOver: async () => {} },
    log: createLog('silent', []),
  });
  return { host, guilds, closed, drains, forgotten };
}

test('a guild that sends the bot away while its shard is given back is open when the shard is gone', async () => {
  const { host, guilds, closed, drains } = fakeHost({
    async ending(known) {
      known.delete('bees');
    },
  });
  await host.close(0, { hasHeir: true });
  expect(drains).toEqual(['ants', 'bees']);
  expect([...guilds.keys()]).toEqual(['cats']);
  expect([...closed]).toEqual([]);
});

test('where a session cannot be ended, the shard is given back all the same', async () => {
  const { host, guilds, closed } = fakeHost({
    async ending() {
      throw new Error('a fault of the test');
    },
  });
  await host.close(0, { hasHeir: true });
  expect([...guilds.keys()]).toEqual(['cats']);
  expect([...closed]).toEqual([]);
});

test('where a session cannot be ended, a lost shard goes all the same', async () => {
  const { host, guilds, closed, drains, forgotten } = fakeHost({
    async ending() {
      throw new Error('a fault of the test');
    },
  });
  host.drop(0);
  await until('it is gone', () => drains.length > 0 && guilds.size === 1 && closed.size === 0);
  expect([...guilds.keys()]).toEqual(['cats']);
  expect(forgotten).toEqual(['ants', 'bees']);
});
