import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { startFish } from './fish/fish.ts';
import { RawFish, refusal } from './raw-fish-client.ts';

/** The sandbox's Fish Audio, spoken to by hand: what the bot's own client cannot be trusted to tell. */

const INVALID_TOKEN = '{"message":"Invalid Token","status":401}';
/** One short of `chunk_length`. */
const ALMOST = 'x'.repeat(99);
const FINISH = { event: 'finish', reason: 'stop', time: expect.any(Number) };

test('a wrong key is 401 with the very body, another path is 404, and neither has a socket', async () => {
  await using fish = await startFish();
  const wrong = await refusal(fish, { key: 'wrong' });
  expect(wrong).toMatchObject({ status: 401, body: INVALID_TOKEN });
  expect(wrong.headers['content-type']).toBe('application/json');
  expect(await refusal(fish, { path: '/v1/tts' })).toMatchObject({ status: 404 });
  expect((await fetch(`${fish.url}/v1/tts/live`)).status).toBe(404);
  expect(fish.handshakes.map(({ status }) => status)).toEqual([401, 404]);
  expect(fish.openSockets).toBe(0);
});

test('upgrades are refused as told, as often as told', async () => {
  const upgrade = { status: 429, body: 'slow down', headers: { 'retry-after': '7' }, times: 1 };
  await using fish = await startFish({ upgrade });
  const refused = await refusal(fish);
  expect(refused).toMatchObject({ status: 429, body: 'slow down' });
  expect(refused.headers).toMatchObject({ 'retry-after': '7', 'content-type': 'text/plain' });
  await using client = await RawFish.connect(fish);
  await client.roundTrip();
});

test('new connections are reset, or get no answer to their upgrade', async () => {
  await using fish = await startFish({ refuseTcp: true });
  await expect(RawFish.connect(fish)).rejects.toMatchObject({ code: 'ECONNRESET' });
  fish.behaviour.refuseTcp = false;
  fish.behaviour.hangUpgrade = true;
  const socket = connect(Number(new URL(fish.url).port), '127.0.0.1');
  socket.write('GET /v1/tts/live HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  await until('it is noted', () => fish.handshakes.at(-1)?.status === 0);
  expect(socket.bytesRead).toBe(0);
  socket.destroy();
});

test.each([
  ['s1', 's1'],
  ['s2.1-pro-free', 's2.1-pro-free'],
  ['not-a-model', 's2.1-pro'],
  [undefined, 's2.1-pro'],
])('model %s is taken as %s', async (model, taken) => {
  await using fish = await startFish();
  await using client = await RawFish.connect(fish, { model });
  client.say('Hello.');
  await client.over();
  expect(fish.sessions[0]).toMatchObject({ model: taken, text: 'Hello.', bytes: 6, ended: 'finish' });
  expect(fish.handshakes).toMatchObject([{ model: taken, status: 101 }]);
});

test('text waits for chunk_length, `flush` does not', async () => {
  await using fish = await startFish({ firstAudioMs: 0, spread: 0 });
  await using client = await RawFish.connect(fish);
  client.start({ chunk_length: 100 });
  client.send({ event: 'text', text: ALMOST });
  client.send({ event: 'flush' });
  await until('audio', () => client.audio.length > 0);
  await until('all of it', () => fish.sessions[0]?.packets.length === 295); // 3 a character, two held back
  await client.roundTrip();
  const { length } = client.audio;
  client.send({ event: 'flush' });
  client.send({ event: 'text', text: ALMOST });
  await client.roundTrip();
  expect(client.audio).toHaveLength(length);
  client.send({ event: 'text', text: 'x' });
  await until('more audio', () => client.audio.length > length);
});

test('nothing comes before chunk_length, and `stop` says the rest', async () => {
  await using fish = await startFish({ firstAudioMs: 0 });
  await using client = await RawFish.connect(fish);
  client.start({ chunk_length: 100 });
  client.send({ event: 'text', text: 'Not much.' });
  await client.roundTrip();
  expect(client.events).toEqual([]);
  client.send({ event: 'stop' });
  await client.over();
  expect(client.audio.length).toBeGreaterThan(0);
  expect(client.events.at(-1)).toEqual(FINISH);
});

test('`start` and `stop` without text, or a `flush` of nothing: `finish` alone, and no audio', async () => {
  await using fish = await startFish({ afterFinish: 'keep' });
  await using client = await RawFish.connect(fish);
  client.say();
  await client.over(1);
  client.say(' \n', '');
  await client.over(2);
  expect(client.events).toEqual([FINISH, FINISH]);
  expect(fish.sessions.map(({ packets }) => packets.length)).toEqual([0, 0]);
});

test('after `finish` the socket takes another `start`, and its audio is a new stream', async () => {
  await using fish = await startFish({ afterFinish: 'keep' });
  await using client = await RawFish.connect(fish);
  client.say('One.');
  await client.over(1);
  const { length } = client.audio;
  client.say('Two.');
  await client.over(2);
  const [first, second] = [client.audio[0], client.audio[length]];
  expect([first?.toString('latin1', 28, 36), second?.toString('latin1', 28, 36)]).toEqual([
    'OpusHead',
    'OpusHead',
  ]);
  expect(first?.readUInt32LE(14)).not.toBe(second?.readUInt32LE(14));
  expect(fish.sessions).toMatchObject([
    { text: 'One.', socketId: 1 },
    { text: 'Two.', socketId: 1 },
  ]);
  expect([fish.openSockets, fish.openSessions, fish.peakSessions]).toEqual([1, 0, 1]);
});

test('one session too many is told the limit and let go; a free slot serves again', async () => {
  await using fish = await startFish({ maxConcurrency: 1 });
  await using first = await RawFish.connect(fish);
  first.start();
  await first.roundTrip();
  await using second = await RawFish.connect(fish);
  second.say('Too many.');
  expect(await second.closed()).toBe(1000);
  expect(second.events).toEqual([
    { event: 'error', error: 'Concurrency limit exceeded', max_concurrency: 1 },
  ]);
  first.send({ event: 'stop' });
  await first.over();
  await using third = await RawFish.connect(fish);
  third.say('Now there is room.');
  await third.over();
  expect(third.finishes).toHaveLength(1);
  expect(fish.peakSessions).toBe(1);
});

test.each<[string, Buffer | string | Record<string, unknown>, string]>([
  ['text', { event: 'text', text: 'too early' }, 'invalid_request'],
  ['stop', { event: 'stop' }, 'invalid_request'],
  ['an unknown event', { event: 'cancel' }, 'invalid_request'],
  ['a map without event', { text: 'x' }, 'invalid message'],
  ['JSON', '{"event":"start"}', 'invalid message'],
  ['no MessagePack', Buffer.of(0xc1), 'invalid message'],
])('a first frame that is not `start` is refused: %s', async (_name, frame, error) => {
  await using fish = await startFish();
  await using client = await RawFish.connect(fish);
  if (typeof frame === 'string' || Buffer.isBuffer(frame)) client.raw(frame);
  else client.send(frame);
  expect(await client.closed()).toBe(1000);
  expect(client.events).toEqual([{ event: 'error', error }]);
  expect(fish.openSessions).toBe(0);
});

test('idle sockets are dropped, busy ones are not', async () => {
  await using fish = await startFish();
  await using idle = await RawFish.connect(fish);
  await using busy = await RawFish.connect(fish);
  busy.start();
  await busy.roundTrip();
  fish.dropIdleSockets('terminate');
  expect(await idle.closed()).toBe(1006);
  await busy.roundTrip();
  busy.send({ event: 'stop' });
  await busy.over();
  fish.dropIdleSockets();
  expect(await busy.closed()).toBe(1000);
});
