import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type FishRoomTest, fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

// A silent loss of the network: sockets that were idle are dead, and neither end has been told.

const LONG = LINE.repeat(20);

/** As many idle sockets as there are slots for, less the one that speaks and is over. */
async function idleSockets(room: FishRoomTest, count: number): Promise<void> {
  const skip = new AbortController();
  const busy = Array.from({ length: count }, (_, lane) =>
    room.say({ lane: `busy ${lane}`, text: LONG }, skip.signal),
  );
  await until('they speak', () => room.server.openSessions === count);
  skip.abort();
  await Promise.all(busy);
  await until('none speaks', () => room.server.openSessions === 0);
  await until('one is ready', () => room.fish.status().spares > 0);
}

test('the next line is heard by a socket that is opened for it, and so is that of another server', async () => {
  await using room = await fishRoom({ eventMs: 20 });
  const { server, fish } = room;
  // Two speak, and two spares stand by them: these are idle in a moment.
  await idleSockets(room, 2);
  const { spares } = fish.status();
  server.loseSockets();
  const before = server.handshakes.length;
  const first = await room.say({ lane: 'one', text: 'Is anybody there?' });
  const second = await room.say({ lane: 'two', text: 'And now?' });
  for (const { error, events } of [first, second]) {
    expect(error).toBeUndefined();
    const told = events.flatMap(event => (event.type === 'text' ? [event.bytes] : []));
    expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(Math.max(...told));
  }
  // The first found one dead, and trusted none of its age: so the second found none at all.
  expect(first.events.filter(({ type }) => type === 'socket')).toMatchObject([
    { reused: true },
    { reused: false },
  ]);
  expect(second.events.filter(({ type }) => type === 'socket')).toHaveLength(1);
  expect(server.handshakes.length - before).toBeLessThanOrEqual(2 + spares);
  expect(server.sessions.slice(-2).map(({ text }) => text)).toEqual(['Is anybody there?', 'And now?']);
});

test.each(['never used', 'used before'])(
  'a silent network loss under four idle sockets, all of them %s: one attempt is lost, and the next is heard',
  async which => {
    const fresh = which === 'never used';
    await using room = await fishRoom(
      { eventMs: 20, maxConcurrency: 8, afterFinish: fresh ? { code: 1000, ms: 0 } : 'keep' },
      { concurrency: 8, timings: { quietMs: 20 } },
    );
    const { server, fish } = room;
    const four = (text: string) =>
      Promise.all([1, 2, 3, 4].map(lane => room.say({ lane: `busy ${lane}`, text })));
    for (let line = 0; line < (fresh ? 0 : 10) && !fish.room.reuse.works; line += 1) {
      await room.say({ text: 'Learn.' });
      await sleep(40);
    }
    const speaking = four(LONG);
    await until('they speak', () => server.openSessions === 4);
    if (fresh) await until('four stand by', () => fish.status().spares === 4);
    await speaking;
    await until(
      'four are idle',
      () => fish.status().spares >= 4 && server.openSockets === fish.status().spares,
    );
    const lost = server.openSockets;
    server.loseSockets();
    const [handshakes, sessions] = [server.handshakes.length, server.sessions.length];
    const { error, events } = await room.say({ lane: 'next', text: 'Is anybody there?' });
    expect(error).toBeUndefined();
    // The first attempt is lost; the second goes by a socket that did not exist before, and nothing else is tried.
    expect(events.filter(({ type }) => type === 'socket')).toMatchObject([
      { reused: true },
      { reused: false },
    ]);
    expect(server.sessions.slice(sessions).map(({ text }) => text)).toEqual(['Is anybody there?']);
    expect(lost).toBeGreaterThanOrEqual(4);
    expect(server.handshakes.length - handshakes).toBeLessThanOrEqual(3);
    const told = events.flatMap(event => (event.type === 'text' ? [event.bytes] : []));
    expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe('Is anybody there?'.length);
  },
);

test('lines of several servers that meet dead sockets at once are all heard, each after one probe', async () => {
  await using room = await fishRoom({ eventMs: 20 }, { timings: { deafMs: 400 } });
  const { server } = room;
  await idleSockets(room, 2);
  server.loseSockets();
  const said = await Promise.all(
    [1, 2, 3, 4].map(lane => room.say({ lane: `${lane}`, text: `Line ${lane}.` })),
  );
  for (const { error, events } of said) {
    expect(error).toBeUndefined();
    expect(events.filter(({ type }) => type === 'socket').length).toBeLessThanOrEqual(2);
  }
});

test('a Fish that is slow to speak, but answers pings, is not taken for dead', async () => {
  await using room = await fishRoom({ firstAudioMs: 600 }, { timings: { deafMs: 150 } });
  await until('a spare', () => room.fish.status().spares === 1);
  const { error, events } = await room.say({});
  expect(error).toBeUndefined();
  expect(events.filter(({ type }) => type === 'socket')).toMatchObject([{ reused: true }]);
  expect(room.server.sessions).toHaveLength(1);
});

test('one that answers no pings, but speaks, is not either', async () => {
  await using room = await fishRoom(
    { fault: { kind: 'no-pong' }, firstAudioMs: 50, eventMs: 100 },
    { timings: { deafMs: 1_000 } },
  );
  await until('a spare', () => room.fish.status().spares === 1);
  const { error } = await room.say({ text: LINE.repeat(5) });
  await sleep(1_000);
  expect(error).toBeUndefined();
  expect(room.server.sessions).toHaveLength(1);
});

test('a session that is cut off by it in the middle is told as such', async () => {
  await using room = await fishRoom({ eventMs: 50 }, { timings: { stallMs: 500, finishMs: 500 } });
  const saying = room.say({ text: LONG });
  await until('it is heard', () => (room.server.sessions[0]?.packets.length ?? 0) > 0);
  room.server.loseSockets('all');
  expect((await saying).error).toMatchObject({ kind: 'timeout', phase: 'finish' });
});
