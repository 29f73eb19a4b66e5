import { expect, test } from 'vitest';
import { type FakeFish, startFish } from './fish/fish.ts';
import { RawFish } from './raw-fish-client.ts';
import { callFish } from './raw-fish-rest.ts';

const wallet = async (fish: FakeFish): Promise<Record<string, unknown>> =>
  (await callFish(fish, '/wallet/self/api-credit')).json;

test('the credit falls by the price of what was sent, but for the free model', async () => {
  await using fish = await startFish();
  const before = await wallet(fish);
  expect(before).toMatchObject({ credit: '10.000000', has_free_credit: null });
  for (const model of ['s2.1-pro-free', 's1']) {
    await using client = await RawFish.connect(fish, { model });
    client.say('ä'.repeat(500));
    await client.over();
  }
  expect((await wallet(fish))['credit']).toBe('9.985000');
  expect(fish.credit).toBeCloseTo(9.985, 9);
});

test('without credit a socket is refused with 402 and words that blame the key, but for the free model', async () => {
  await using fish = await startFish({ creditUsd: 0 });
  expect((await wallet(fish))['credit']).toBe('0.000000');
  await expect(RawFish.connect(fish, { model: 's2.1-pro' })).rejects.toThrow();
  expect(fish.handshakes.at(-1)?.status).toBe(402);
  await using client = await RawFish.connect(fish, { model: 's2.1-pro-free' });
  client.say('Hello.');
  await client.over();
});
