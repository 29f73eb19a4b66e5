import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fishRoom, LINE } from './support/fish-room.ts';
import { until } from './support/until.ts';

test('one socket is open before it is needed, and another soon after it is taken', async () => {
  await using room = await fishRoom({ eventMs: 10 });
  await until('a spare', () => room.fish.status().spares === 1);
  const { events } = await room.say({ text: LINE.repeat(4) });
  expect(events.find(event => event.type === 'socket')).toMatchObject({ reused: true });
  expect(room.server.handshakes).toHaveLength(2);
});

test('a socket is used again after a clean finish', async () => {
  await using room = await fishRoom({}, { concurrency: 1 });
  for (let i = 0; i < 5; i++) expect((await room.say({ text: `Line ${i}.` })).error).toBeUndefined();
  expect(room.server.handshakes).toHaveLength(1);
  expect(room.server.sessions.map(session => session.text)).toEqual(
    Array.from({ length: 5 }, (_, i) => `Line ${i}.`),
  );
});

test.each([1000, 1006] as const)(
  'a Fish that ends the socket after each session with %i is fine too',
  async code => {
    await using room = await fishRoom({ afterFinish: { code, ms: 0 } });
    for (let i = 0; i < 4; i++) expect((await room.say({})).error).toBeUndefined();
    await until('a spare again', () => room.fish.status().spares === 1);
  },
);

test('an idle socket that is too old is replaced', async () => {
  await using room = await fishRoom({}, { timings: { idleMaxAgeMs: 100 } });
  await until('two more sockets', () => room.server.handshakes.length >= 3);
  expect(room.server.openSockets).toBeLessThanOrEqual(2);
  expect((await room.say({})).error).toBeUndefined();
});

test('an idle socket that closes is noticed and replaced, and no word is lost', async () => {
  await using room = await fishRoom();
  await until('a spare', () => room.fish.status().spares === 1);
  room.server.dropIdleSockets();
  await until('another spare', () => room.server.handshakes.length === 2 && room.fish.status().spares === 1);
  expect((await room.say({})).error).toBeUndefined();
});

test('sockets that die at the very moment they are taken are replaced, all at once', async () => {
  await using room = await fishRoom({ eventMs: 5 });
  await until('a spare', () => room.fish.status().spares === 1);
  await Promise.all(Array.from({ length: 4 }, (_, i) => room.say({ lane: `${i}` })));
  await until('several spares', () => room.fish.status().spares >= 3);
  room.server.dropIdleSockets();
  const said = await Promise.all(
    Array.from({ length: 4 }, (_, i) => room.say({ lane: `${i}`, text: `Again ${i}.` })),
  );
  expect(said.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
  const texts = room.server.sessions.map(session => session.text).filter(text => text.startsWith('Again'));
  expect(new Set(texts).size).toBe(4);
});

test('a socket is not used again after an error or a cancel', async () => {
  await using room = await fishRoom(
    { fault: { kind: 'error', afterEvents: 1 }, faultTimes: 1 },
    { concurrency: 1 },
  );
  expect((await room.say({})).error).toMatchObject({ kind: 'rejected' });
  expect((await room.say({})).error).toBeUndefined();
  expect(room.server.handshakes).toHaveLength(2);
  room.server.behaviour.fault = { kind: 'stall', afterEvents: 1 };
  const control = new AbortController();
  const cut = room.say({}, control.signal);
  await until('it speaks', () => room.server.openSessions === 1);
  control.abort();
  await cut;
  delete room.server.behaviour.fault;
  expect((await room.say({})).error).toBeUndefined();
  expect(room.server.handshakes).toHaveLength(3);
});

test.each<[number, string, string, boolean]>([
  [401, '{"message":"Invalid Token","status":401}', 'unauthorized', false],
  [402, '{"message":"Invalid api key or insufficient balance","status":402}', 'payment', false],
  [403, '{"message":"Forbidden","status":403}', 'forbidden', false],
  [404, '{"message":"Not found","status":404}', 'not-found', false],
  [429, '{"message":"Too many requests","status":429}', 'rate-limit', true],
  [503, 'Service Unavailable', 'server', true],
  [400, 'bad', 'request', false],
])('an upgrade refused with %i is told with status and body', async (status, body, kind, retryable) => {
  await using room = await fishRoom({ upgrade: { status, body, headers: { 'Retry-After': '3' } } });
  const { error } = await room.say({});
  expect(error).toMatchObject({ kind, retryable, status, body, phase: 'connect', retryAfterMs: 3_000 });
  expect(room.fish.status()).toMatchObject({ inFlight: 0, spares: 0, lastError: { kind, status } });
});

test('after a refusal for good nothing is opened until somebody asks', async () => {
  await using room = await fishRoom({ upgrade: { status: 401, body: 'no' } });
  await until('the refusal', () => room.fish.status().lastError !== null);
  await sleep(900);
  expect(room.server.handshakes).toHaveLength(1);
  delete room.server.behaviour.upgrade;
  room.fish.warm();
  await until('a spare', () => room.fish.status().spares === 1);
  expect(room.fish.status().lastError).toBeNull();
});

test('after a refusal that may pass it is tried again, not often, until there is a spare', async () => {
  await using room = await fishRoom({ upgrade: { status: 503, body: 'no' } });
  await sleep(1_000);
  expect(room.server.handshakes.length).toBeGreaterThanOrEqual(2);
  expect(room.server.handshakes.length).toBeLessThanOrEqual(4);
  delete room.server.behaviour.upgrade;
  await until('a spare', () => room.fish.status().spares === 1);
});

test('nothing that answers, something that resets, and something that never answers', async () => {
  await using hung = await fishRoom({ hangUpgrade: true }, { timings: { connectMs: 300 } });
  expect((await hung.say({})).error).toMatchObject({ kind: 'timeout', phase: 'connect', retryable: true });
  await using reset = await fishRoom({ refuseTcp: true });
  expect((await reset.say({})).error).toMatchObject({ kind: 'network', phase: 'connect', retryable: true });
  await using nowhere = await fishRoom({}, { url: 'http://127.0.0.1:1' });
  expect((await nowhere.say({})).error).toMatchObject({ kind: 'network', phase: 'connect', retryable: true });
  await using nonsense = await fishRoom({}, { url: 'not a url' });
  expect((await nonsense.say({})).error).toMatchObject({
    kind: 'request',
    phase: 'connect',
    retryable: false,
  });
  await using badKey = await fishRoom({}, { apiKey: 'two\nlines' });
  expect((await badKey.say({})).error).toMatchObject({ kind: 'request', phase: 'connect', retryable: false });
});

test('twenty guilds, five slots: never more than five in flight, and everyone gets a turn', async () => {
  await using room = await fishRoom({ eventMs: 10 });
  const order: string[] = [];
  const lanes = Array.from({ length: 20 }, (_, i) => `guild ${i}`);
  const first = Array.from({ length: 5 }, (_, i) => room.say({ lane: `early ${i}`, text: LINE.repeat(3) }));
  await until('no slot is free', () => room.fish.status().inFlight === 5);
  const all = lanes.flatMap(lane =>
    [0, 1, 2].map(async () => {
      const { error } = await room.say({ lane });
      expect(error).toBeUndefined();
      order.push(lane);
    }),
  );
  await Promise.all([...first, ...all]);
  expect(room.server.peakSessions).toBeLessThanOrEqual(5);
  expect(room.server.handshakes.length).toBeLessThanOrEqual(6);
  // Nobody has a third turn before everybody has had a first.
  const thirds = order.flatMap((lane, at) =>
    order.slice(0, at).filter(each => each === lane).length === 2 ? [at] : [],
  );
  const firsts = lanes.map(lane => order.indexOf(lane));
  expect(Math.min(...thirds)).toBeGreaterThan(Math.max(...firsts));
  expect(room.fish.status()).toMatchObject({ inFlight: 0, waiting: 0 });
});

test('Fish allows fewer than we thought: the limit shrinks, and the spares go', async () => {
  await using room = await fishRoom({ maxConcurrency: 2, eventMs: 10 });
  await until('a spare', () => room.fish.status().spares === 1);
  const said = await Promise.all(
    Array.from({ length: 4 }, (_, i) => room.say({ lane: `${i}`, text: LINE.repeat(4) })),
  );
  const refused = said.flatMap(({ error }) => (error ? [error] : []));
  expect(refused.length).toBeGreaterThan(0);
  for (const error of refused)
    expect(error).toMatchObject({ kind: 'rate-limit', maxConcurrency: 2, retryable: true });
  expect(room.fish.status().limit).toBe(2);
  const again = await Promise.all(Array.from({ length: 6 }, (_, i) => room.say({ lane: `${i}` })));
  expect(again.map(({ error }) => error)).toEqual(Array.from({ length: 6 }, () => undefined));
  expect(room.server.openSockets).toBeLessThanOrEqual(2);
});
