import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import type { CloseCode } from './fish/behaviour.ts';
import { startFish } from './fish/fish.ts';
import { RawFish, refusal } from './raw-fish-client.ts';

/** What becomes of the sandbox's sockets, and what it tells of its limit: spoken to by hand. */

const FINISH = { event: 'finish', reason: 'stop', time: expect.any(Number) };

test.each<[CloseCode, number]>([
  [1000, 0],
  [1005, 0],
  [1006, 0],
  [1011, 0],
  [1000, 20],
])('afterFinish: the connection ends with %i, %i ms behind `finish`', async (code, ms) => {
  await using fish = await startFish({ afterFinish: { code, ms } });
  await using client = await RawFish.connect(fish);
  client.say('One.');
  expect(await client.closed()).toBe(code);
  expect(client.events.at(-1)).toEqual(FINISH);
  await until('the server knows', () => fish.openSockets === 0);
});

test('afterFinish: what has begun on the socket meanwhile is cut off', async () => {
  await using fish = await startFish({ afterFinish: { code: 1000, ms: 50 }, firstAudioMs: 5_000 });
  await using client = await RawFish.connect(fish);
  client.start();
  client.send({ event: 'stop' });
  await client.over();
  client.say('Two.');
  expect(await client.closed()).toBe(1000);
  expect(fish.sessions.map(({ ended }) => ended)).toEqual(['finish', 'server-closed']);
  expect(fish.openSessions).toBe(0);
});

test.each(['close', 'ignore'] as const)('secondStart: %s', async secondStart => {
  await using fish = await startFish({ secondStart, afterFinish: 'keep' });
  await using client = await RawFish.connect(fish);
  client.say('One.');
  await client.over();
  const { length } = client.events;
  client.say('Two.');
  if (secondStart === 'close') expect(await client.closed()).toBe(1000);
  else await client.roundTrip();
  expect(client.events).toHaveLength(length);
  expect(fish.sessions).toHaveLength(1);
});

test('a silent loss of the network: sockets that were idle answer nothing, others and new ones do', async () => {
  await using fish = await startFish();
  await using lost = await RawFish.connect(fish);
  await using busy = await RawFish.connect(fish);
  busy.start();
  await busy.roundTrip();
  fish.loseSockets();
  lost.ping();
  lost.say('Nobody reads this.');
  busy.send({ event: 'text', text: 'Somebody reads this.' });
  busy.send({ event: 'stop' });
  await busy.over();
  await using fresh = await RawFish.connect(fish);
  fresh.say('And this.');
  await fresh.over();
  expect([lost.frames.length, lost.pongs, lost.closeCode]).toEqual([0, 0, undefined]);
  expect(fish.sessions.map(({ text }) => text)).toEqual(['Somebody reads this.', 'And this.']);
});

test('the limit is told in headers, with what is left of it; where idle sockets count, they take of it', async () => {
  await using fish = await startFish({ maxConcurrency: 3 });
  const left = async () => {
    const { headers } = await refusal(fish, { key: 'wrong' });
    return [headers['ratelimit-limit-concurrency'], headers['ratelimit-remaining-concurrency']];
  };
  await using client = await RawFish.connect(fish);
  expect(client.headers).toMatchObject({ 'ratelimit-limit-concurrency': '3' });
  expect(await left()).toEqual(['3', '3']);
  client.start();
  await client.roundTrip();
  expect(await left()).toEqual(['3', '2']);
  await using idle = await RawFish.connect(fish);
  fish.behaviour.idleCounts = true;
  expect(await left()).toEqual(['3', '1']);
  fish.behaviour.limitHeaders = false;
  expect(await left()).toEqual([undefined, undefined]);
  await idle.roundTrip();
});

test('too many at once are refused at the upgrade, where that is so; idle sockets count, where they do', async () => {
  await using fish = await startFish({ maxConcurrency: 2, refuseTooManyAt: 'upgrade', idleCounts: true });
  await using first = await RawFish.connect(fish);
  await using second = await RawFish.connect(fish);
  expect(await refusal(fish)).toMatchObject({
    status: 429,
    headers: { 'x-fish-error-code': 'concurrency_limit_exceeded' },
  });
  first.say('There is room for this.');
  await first.over();
  fish.behaviour.maxConcurrency = 1;
  second.say('And not for this.');
  expect(await second.closed()).toBe(1000);
  expect(fish.tooMany.map(({ where }) => where)).toEqual(['upgrade', 'start']);
});

test('every answer has an id for support, and a refusal a code', async () => {
  await using fish = await startFish();
  const { headers } = await refusal(fish, { key: 'wrong' });
  expect(headers).toMatchObject({ 'x-fish-error-code': 'invalid_api_key' });
  await using client = await RawFish.connect(fish);
  const traces = fish.handshakes.map(({ trace }) => trace);
  expect([headers['x-fish-trace-id'], client.headers['x-fish-trace-id']]).toEqual(traces);
  expect(new Set(traces).size).toBe(2);
});

test('drama-3 speaks with timestamps, on their path alone', async () => {
  const path = '/v1/tts/live/with-timestamp';
  await using fish = await startFish({ packets: 60 });
  await using plain = await RawFish.connect(fish, { model: 'drama-3' });
  await using drama = await RawFish.connect(fish, { model: 'drama-3', path });
  plain.say('One.');
  drama.say('Two.');
  await Promise.all([plain.over(), drama.over()]);
  expect(fish.sessions.map(({ model }) => model).toSorted()).toEqual(['drama-3', 's2.1-pro']);
  const told = drama.events.filter(({ event }) => event === 'audio');
  expect(told.at(0)).toMatchObject({ content: 'Two.', chunk_seq: 0, chunk_audio_offset_sec: 0 });
  expect(told.at(-1)?.audio).toHaveLength(0);
  expect(plain.events[0]).not.toHaveProperty('content');
});
