import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Reuse } from '../../src/fish/reuse.ts';
import { type FishRoomTest, fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

// Whether a socket carries a second session is learned, never assumed, and forgotten at the first sign against it.

const QUIET_MS = 60;
const timings = { quietMs: QUIET_MS };

const socketsOf = (room: FishRoomTest) => room.server.sessions.map(({ socketId }) => socketId);
const reusedIn = (room: FishRoomTest) => socketsOf(room).length - new Set(socketsOf(room)).size;
const saySoon = async (room: FishRoomTest, text: string) => {
  const said = await room.say({ text });
  expect(said.error).toBeUndefined();
  await sleep(2 * QUIET_MS);
  return said;
};

/** Says lines until sockets are used again. */
async function learn(room: FishRoomTest): Promise<void> {
  for (let line = 0; !room.fish.room.reuse.works && line < 50; line += 1)
    await saySoon(room, `Line ${line}.`);
  expect(room.fish.room.reuse.works).toBe(true);
}

test('a Fish that keeps sockets: one that was quiet is tried, and from then on they are used again', async () => {
  await using room = await fishRoom({ afterFinish: 'keep' }, { timings });
  await saySoon(room, 'First.');
  await learn(room);
  const handshakes = room.server.handshakes.length;
  for (let line = 0; line < 10; line += 1)
    expect((await room.say({ text: `Again ${line}.` })).error).toBeUndefined();
  expect(room.server.handshakes.length - handshakes).toBeLessThanOrEqual(2);
  expect(reusedIn(room)).toBeGreaterThanOrEqual(9);
});

test('before it has been seen no line goes by a socket that has carried another', async () => {
  await using room = await fishRoom({ afterFinish: 'keep' });
  for (let line = 0; line < 6; line += 1)
    expect((await room.say({ text: `Line ${line}.` })).error).toBeUndefined();
  expect(reusedIn(room)).toBe(0);
});

test.each([0, 20, 150])(
  'a Fish that closes sockets %i ms after finish: none is used again, nor tried',
  async ms => {
    await using room = await fishRoom({ afterFinish: { code: 1000, ms } }, { timings: { quietMs: 400 } });
    for (let line = 0; line < 6; line += 1) {
      const { error, events } = await room.say({ text: `Line ${line}.` });
      expect(error).toBeUndefined();
      expect(events.filter(({ type }) => type === 'socket')).toHaveLength(1);
      await sleep(200);
    }
    expect(reusedIn(room)).toBe(0);
    expect(room.fish.room.reuse.mayTry).toBe(false);
  },
);

test.each(['close', 'ignore'] as const)(
  'a Fish that keeps sockets, but another start meets %s: the line is said all the same, counted once, and no other is tried',
  async secondStart => {
    await using room = await fishRoom(
      { afterFinish: 'keep', secondStart },
      { timings: { ...timings, firstAudioMs: 1_000 } },
    );
    for (let line = 0; line < 8; line += 1) {
      const { events } = await saySoon(room, LINE);
      const told = events.flatMap(event => (event.type === 'text' ? [event.bytes] : []));
      expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(Buffer.byteLength(LINE));
    }
    expect(room.server.sessions).toHaveLength(8);
    expect(reusedIn(room)).toBe(0);
    expect(room.fish.room.reuse.mayTry).toBe(false);
    expect(room.log.filter(line => line.includes('a session did not begin'))).toHaveLength(1);
  },
);

/** Says lines until the next one is a trial. */
async function untilTrial(room: FishRoomTest): Promise<void> {
  const { reuse } = room.fish.room;
  await saySoon(room, 'The first.');
  await until('a spare stands by', () => room.fish.status().spares > 0);
  expect([reuse.works, reuse.mayTry]).toEqual([false, true]);
}

test('a trial at which Fish is only slow to speak is not sent once more, and proves what it was to prove', async () => {
  await using room = await fishRoom({ afterFinish: 'keep' }, { timings });
  await untilTrial(room);
  room.server.behaviour.firstAudioMs = 3_500;
  const { error, events } = await room.say({ text: 'Is this slow?' });
  expect(error).toBeUndefined();
  expect(room.server.sessions.map(({ text }) => text)).toEqual(['The first.', 'Is this slow?']);
  expect(events.filter(({ type }) => type === 'socket')).toHaveLength(1);
  expect(reusedIn(room)).toBe(1);
  expect(room.fish.room.reuse.works).toBe(true);
});

test('a trial at which Fish is slow to show that it lives is sent by another socket, and by that alone', async () => {
  await using room = await fishRoom(
    { afterFinish: 'keep', firstAudioMs: 800, fault: { kind: 'no-pong' }, faultTimes: 0 },
    { timings: { ...timings, deafMs: 300 } },
  );
  await untilTrial(room);
  room.server.behaviour.fault = { kind: 'no-pong' };
  const { error } = await room.say({ text: 'Is this slow?' });
  expect(error).toBeUndefined();
  expect(room.server.sessions.filter(({ text }) => text === 'Is this slow?')).toHaveLength(1);
  expect(reusedIn(room)).toBe(0);
});

test('a Fish that begins to close sockets is believed at once, and as many stand by as are in use', async () => {
  await using room = await fishRoom({ afterFinish: 'keep', eventMs: 20 }, { timings });
  await learn(room);
  room.server.behaviour.afterFinish = { code: 1000, ms: 5 };
  await saySoon(room, 'The last that is used again.');
  await until('it is seen', () => !room.fish.room.reuse.works);
  const before = room.server.sessions.length;
  const busy = [0, 1].map(lane => room.say({ lane: `${lane}`, text: LINE.repeat(10) }));
  await until('two stand by', () => room.fish.status().spares === 2);
  for (const { error } of await Promise.all(busy)) expect(error).toBeUndefined();
  const sockets = socketsOf(room).slice(before);
  expect(new Set(sockets).size).toBe(sockets.length);
});

test('the second try of a line, once Fish has begun, is never by a socket that was used before', async () => {
  await using room = await fishRoom({ afterFinish: 'keep' }, { timings });
  await learn(room);
  const { socketId } = room.server.sessions.at(-1) ?? {};
  const speech = await room.say({ text: LINE });
  expect(speech.summary?.reused).toBe(true);
  const { speak } = await import('../../src/fish/speak.ts');
  for await (const _ of speak(
    room.fish,
    { lane: 'g', text: 'Once more.' },
    { signal: AbortSignal.timeout(5_000), fresh: true },
  ));
  expect(room.server.sessions.at(-1)?.socketId).not.toBe(socketId);
});

test('what is learned: by signs, for ten minutes, and one trial at a time', () => {
  const clock = { now: 0 };
  const reuse = new Reuse({ noReuseMs: 600_000, now: () => clock.now });
  const state = () => [reuse.works, reuse.mayTry];
  expect(state()).toEqual([false, true]);
  reuse.trying();
  expect(state()).toEqual([false, false]);
  reuse.undecided();
  expect(state()).toEqual([false, true]);
  reuse.trying();
  reuse.proven();
  expect(state()).toEqual([true, false]);
  reuse.refuted();
  reuse.proven(); // of a session that was under way
  expect(state()).toEqual([false, false]);
  clock.now = 599_999;
  expect(state()).toEqual([false, false]);
  clock.now = 600_000;
  expect(state()).toEqual([false, true]);
});

test('what is learned: each trial in vain doubles the time until the next', () => {
  const clock = { now: 0 };
  const reuse = new Reuse({ noReuseMs: 1_000, now: () => clock.now });
  const pauses = Array.from({ length: 9 }, () => {
    const from = clock.now;
    reuse.trying();
    reuse.refuted();
    while (!reuse.mayTry) clock.now += 1_000;
    return (clock.now - from) / 1_000;
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
  reuse.trying();
  reuse.proven();
  reuse.refuted();
  clock.now += 1_000;
  expect(reuse.mayTry).toBe(true);
});
