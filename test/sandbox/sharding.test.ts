import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type FakeDiscord, startDiscord } from './discord/discord.ts';
import { IdentifyLimit } from './discord/identify-limit.ts';
import { isRecord, parseJson } from './discord/json.ts';

/** Identifies as one shard, and returns what the gateway answers to that: the event READY, or op 9. */
async function identify(discord: FakeDiscord, shard: readonly [number, number]): Promise<unknown> {
  const url = `${discord.apiUrl.replace('http', 'ws').replace('/api', '/gateway')}?v=10&encoding=json`;
  const socket = new WebSocket(url);
  try {
    const signal = AbortSignal.timeout(30_000);
    await once(socket, 'open', { signal });
    const d = { token: discord.token, intents: 1, properties: {}, shard };
    socket.send(JSON.stringify({ op: 2, d }));
    for (;;) {
      const [data] = (await once(socket, 'message', { signal })) as [Buffer];
      const message = parseJson(data.toString('utf8'));
      if (!isRecord(message) || message['op'] === 10) continue;
      return message['op'] === 9 ? message : message['t'];
    }
  } finally {
    socket.terminate();
  }
}

test('of shards that share a place in the queue one may identify in five seconds', () => {
  const limit = new IdentifyLimit(2);
  expect(limit.takes(0, 0)).toBe(true);
  expect(limit.takes(1, 10)).toBe(true);
  expect(limit.takes(2, 4_999)).toBe(false);
  expect(limit.takes(2, 5_000)).toBe(true);
  expect(limit.takes(0, 9_999)).toBe(false);
  expect(limit.takes(3, 5_010)).toBe(true);
});

test('Discord says how many shards there should be, and takes no Identify that comes too early', async () => {
  await using discord = await startDiscord({ sharding: { shards: 4, maxConcurrency: 2 } });
  const answer = await fetch(`${discord.apiUrl}/v10/gateway/bot`, {
    headers: { authorization: `Bot ${discord.token}`, 'user-agent': 'DiscordBot (test, 1)' },
  });
  expect(await answer.json()).toMatchObject({ shards: 4, session_start_limit: { max_concurrency: 2 } });
  expect(await identify(discord, [0, 4])).toBe('READY');
  expect(await identify(discord, [1, 4])).toBe('READY');
  expect(await identify(discord, [2, 4])).toMatchObject({ op: 9, d: false });
  expect(discord.identifies.map(({ shard: [id] }) => id)).toEqual([0, 1]);
  expect(discord.earlyIdentifies.map(({ shard: [id] }) => id)).toEqual([2]);
  expect(discord.identifies.every(({ port }) => port > 0)).toBe(true);
});
