import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startQuietly } from '../../../src/discord/gateway/quiet-start.ts';
import type { Shard } from '../../../src/discord/gateway/shard.ts';

/** A shard that notes which messages it looks at. `reconnect` gives it another connection. */
function fakeShard() {
  const seen: string[] = [];
  const fake = { connection: {}, onMessage: async (data: unknown) => void seen.push(String(data)) };
  const reconnect = () => {
    fake.connection = {};
  };
  return { seen, shard: fake as unknown as Shard, reconnect };
}

const told = (event: string) => JSON.stringify({ t: event, s: 1, op: 0, d: {} });
const HEARTBEAT = JSON.stringify({ t: null, s: null, op: 11, d: null });

test('what Discord tells waits until the time, in order; what keeps the connection alive does not', async () => {
  const { seen, shard } = fakeShard();
  startQuietly(shard, performance.now() + 300);
  const all = [told('READY'), HEARTBEAT, told('GUILD_CREATE')].map(data => shard.onMessage(data, false));
  expect(seen).toEqual([HEARTBEAT]);
  await Promise.all(all);
  expect(seen).toEqual([HEARTBEAT, told('READY'), told('GUILD_CREATE')]);
  await shard.onMessage(told('MESSAGE_CREATE'), false);
  expect(seen.at(-1)).toBe(told('MESSAGE_CREATE'));
});

test('what a connection has told that is gone by then is not looked at', async () => {
  const { seen, shard, reconnect } = fakeShard();
  startQuietly(shard, performance.now() + 100);
  const first = shard.onMessage(told('READY'), false);
  reconnect();
  const second = shard.onMessage(told('RESUMED'), false);
  await Promise.all([first, second]);
  expect(seen).toEqual([told('RESUMED')]);
});

test('a message that cannot be handled costs only itself', async () => {
  const { seen, shard } = fakeShard();
  const { onMessage } = shard;
  shard.onMessage = async (data, isBinary) => {
    if (data === told('BAD')) throw new Error('a fault in the library');
    await onMessage(data, isBinary);
  };
  startQuietly(shard, performance.now() + 50);
  const all = [told('READY'), told('BAD'), told('GUILD_CREATE')].map(data => shard.onMessage(data, false));
  const results = await Promise.allSettled(all);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  await expect(shard.onMessage(told('BAD'), false)).rejects.toThrow('a fault in the library');
  await shard.onMessage(told('MESSAGE_CREATE'), false);
  expect(seen).toEqual([told('READY'), told('GUILD_CREATE'), told('MESSAGE_CREATE')]);
});

test('when the time has come already, nothing waits', async () => {
  const { seen, shard } = fakeShard();
  startQuietly(shard, 0);
  void shard.onMessage(told('READY'), false);
  await sleep(0);
  expect(seen).toEqual([told('READY')]);
});
