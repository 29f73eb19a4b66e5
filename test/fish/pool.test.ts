import { expect, test } from 'vitest';
import { fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

test('one socket is open before it is needed, and another soon after it is taken', async () => {
  await using room = await fishRoom({ eventMs: 10 });
  await until('a spare', () => room.fish.status().spares === 1);
  const { events } = await room.say({ text: LINE.repeat(4) });
  expect(events.find(event => event.type === 'socket')).toMatchObject({ reused: true });
  await until('another', () => room.server.handshakes.length === 2);
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
  const busy = Array.from({ length: 2 }, (_, i) => room.say({ lane: `${i}`, text: LINE.repeat(20) }));
  await until('several spares', () => room.fish.status().spares >= 2);
  room.server.dropIdleSockets();
  const said = await Promise.all(
    Array.from({ length: 4 }, (_, i) => room.say({ lane: `${i}`, text: `Again ${i}.` })),
  );
  expect(said.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
  const texts = room.server.sessions.map(session => session.text).filter(text => text.startsWith('Again'));
  expect(new Set(texts).size).toBe(4);
  for (const { error } of await Promise.all(busy)) expect(error).toBeUndefined();
});

test('a socket is not used again after an error or a cancel', async () => {
  await using room = await fishRoom(
    { fault: { kind: 'error', afterEvents: 1 }, faultTimes: 1 },
    { concurrency: 1 },
  );
  expect((await room.say({})).error).toMatchObject({ kind: 'rejected' });
  expect((await room.say({})).error).toBeUndefined();
  room.server.behaviour.fault = { kind: 'stall', afterEvents: 1 };
  const control = new AbortController();
  const cut = room.say({}, control.signal);
  await until('it speaks', () => room.server.openSessions === 1);
  control.abort();
  await cut;
  delete room.server.behaviour.fault;
  expect((await room.say({})).error).toBeUndefined();
  const sockets = room.server.sessions.map(({ socketId }) => socketId);
  expect(new Set(sockets).size).toBe(sockets.length);
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
  // Nobody has a third turn before everybody has had a first.
  const thirds = order.flatMap((lane, at) =>
    order.slice(0, at).filter(each => each === lane).length === 2 ? [at] : [],
  );
  const firsts = lanes.map(lane => order.indexOf(lane));
  expect(Math.min(...thirds)).toBeGreaterThan(Math.max(...firsts));
  expect(room.fish.status()).toMatchObject({ inFlight: 0, waiting: 0 });
});
