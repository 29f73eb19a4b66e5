import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type FishBehaviour, startFish } from './fish/fish.ts';
import { RawFish } from './raw-fish-client.ts';

/** Timers may be a little early; late they may be at will. */
const EARLY_MS = 2;

/** How long a session took to its first audio and to its end, ms. */
async function timed(behaviour: Partial<FishBehaviour>, request: Record<string, unknown> = {}) {
  await using fish = await startFish(behaviour);
  await using client = await RawFish.connect(fish);
  client.start(request);
  client.send({ event: 'text', text: 'Hello.' });
  client.send({ event: 'stop' });
  await client.over();
  const [session] = fish.sessions;
  if (session?.firstAudioAt === undefined || session.finishedAt === undefined) throw new Error('no audio');
  const { startedAt, firstAudioAt, finishedAt } = session;
  return { first: firstAudioAt - startedAt, whole: finishedAt - startedAt };
}

test.each([
  ['low', 80],
  ['balanced', 120],
  ['normal', 200],
])('latency %s: the first audio after %i ms', async (latency, least) => {
  const { first } = await timed({ firstAudioMs: 120 }, { latency });
  expect(first).toBeGreaterThan(least - EARLY_MS);
});

test('then an event each eventMs', async () => {
  const { whole } = await timed({ firstAudioMs: 20, eventMs: 30, packets: 23 * 3 + 2 }); // three pages, the last
  expect(whole).toBeGreaterThan(20 + 3 * 30 - EARLY_MS);
});

test('or as fast as a multiple of real time', async () => {
  const { whole } = await timed({ realtimeFactor: 2, packets: 10 + 2, packetsPerEvent: 5 }); // 2 × 100 ms
  expect(whole).toBeGreaterThan(200 / 2 - EARLY_MS);
});

test('connecting takes connectMs', async () => {
  await using fish = await startFish({ connectMs: 100 });
  const from = performance.now();
  await using _ = await RawFish.connect(fish);
  expect(performance.now() - from).toBeGreaterThan(100 - EARLY_MS);
});

test('disposing ends what still waits: upgrades, sessions, sockets', async () => {
  const fish = await startFish({ firstAudioMs: 60_000 });
  const client = await RawFish.connect(fish);
  client.say('Hello.');
  await client.roundTrip();
  fish.behaviour.connectMs = 60_000;
  const attempt = RawFish.connect(fish).catch((error: unknown) => error);
  await sleep(30);
  await fish[Symbol.asyncDispose]();
  expect(await client.closed()).toBe(1006);
  expect(await attempt).toBeInstanceOf(Error);
  expect([fish.openSockets, fish.openSessions, fish.sessions[0]?.ended]).toEqual([0, 0, 'client-closed']);
});

test.each<[string, (client: RawFish) => void]>([
  ['a second start', client => client.start()],
  ['text after stop', client => (client.send({ event: 'stop' }), client.send({ event: 'text', text: 'x' }))],
  ['text that is no string', client => client.send({ event: 'text', text: 1 })],
])('out of turn: %s is an error and the end of the socket', async (_name, act) => {
  await using fish = await startFish({ firstAudioMs: 500 });
  await using client = await RawFish.connect(fish);
  client.start({ text: 'Hello.' });
  act(client);
  await client.closed();
  expect(client.events).toEqual([{ event: 'error', error: 'invalid_request' }]);
  expect([fish.openSessions, fish.sessions[0]?.ended]).toEqual([0, 'error']);
});
