import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FLUSH, speak } from '../../src/fish/speak.ts';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import type { CloseCode, FishFault } from '../sandbox/fish/behaviour.ts';
import { fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

const LONG = LINE.repeat(6);
/** Deadlines short enough to wait for, long enough for a busy machine. */
const timings = { connectMs: 1_000, firstAudioMs: 1_000, stallMs: 1_000, finishMs: 1_000, repeatMs: 1_250 };

test.each<[string, FishFault, object]>([
  ['silence after two events', { kind: 'stall', afterEvents: 2 }, { kind: 'timeout', phase: 'finish' }],
  ['no finish', { kind: 'never-finish' }, { kind: 'timeout', phase: 'finish' }],
  ['a finish without audio', { kind: 'no-audio' }, { kind: 'no-audio' }],
  [
    'finish with error',
    { kind: 'finish-error', afterEvents: 1, message: 'GPU on fire' },
    { kind: 'rejected', body: 'GPU on fire' },
  ],
  [
    'an error event',
    { kind: 'error', afterEvents: 1, error: 'internal' },
    { kind: 'rejected', body: 'internal' },
  ],
])('%s', async (_name, fault, expected) => {
  await using room = await fishRoom({ fault, faultTimes: 1 }, { timings });
  const { error, events } = await room.say({ text: LONG });
  expect(error).toMatchObject({ name: 'FishError', retryable: true, ...expected });
  expect(room.fish.status().lastError).toBe(error);
  expect(events.at(-1)).toMatchObject({ type: 'finish', ok: false, bytes: Buffer.byteLength(LONG) });
  await until('the session is gone', () => room.server.openSessions === 0);
  await until('its slot is free', () => room.fish.status().inFlight === 0);
  expect((await room.say({})).error).toBeUndefined();
  expect(room.fish.status().lastError).toBeNull();
});

test.each<[string, FishFault, object]>([
  ['silence', { kind: 'stall', afterEvents: 0 }, { kind: 'timeout', phase: 'first-audio' }],
  ['frames that are no MessagePack', { kind: 'malformed', times: 3 }, { kind: 'protocol' }],
  ['a close', { kind: 'close', code: 1000, afterEvents: 0 }, { kind: 'closed' }],
  ['a reset', { kind: 'close', code: 1006, afterEvents: 0 }, { kind: 'closed' }],
])(
  '%s before the first event is repeated on a socket never used before, for a while',
  async (_name, fault, expected) => {
    await using room = await fishRoom({ fault, faultTimes: 1 }, { timings });
    const { error, events } = await room.say({ text: LONG });
    expect(error).toBeUndefined();
    expect(room.server.sessions).toHaveLength(2);
    expect(new Set(room.server.sessions.map(({ socketId }) => socketId)).size).toBe(2);
    const told = events.flatMap(event => (event.type === 'text' ? [event.bytes] : []));
    const bytes = Buffer.byteLength(LONG);
    expect(told).toEqual([bytes, -bytes, bytes]);

    room.server.behaviour.fault = fault;
    const lost = await room.say({ text: LONG });
    expect(lost.error).toMatchObject({ name: 'FishError', retryable: true, ...expected });
    const sum = lost.events.reduce((all, event) => all + (event.type === 'text' ? event.bytes : 0), 0);
    expect(sum).toBe(0);
    expect(room.server.sessions.length).toBeLessThan(20); // pauses grow: it is no storm
    const sockets = room.server.sessions.map(({ socketId }) => socketId);
    expect(new Set(sockets).size).toBe(sockets.length);
    await until('its slot is free', () => room.fish.status().inFlight === 0);
  },
);

test('a flush that brings no more audio is a stall', async () => {
  await using room = await fishRoom({ packets: 10, fault: { kind: 'stall', afterEvents: 1 } }, { timings });
  const firstAudio = Promise.withResolvers<void>();
  const words = async function* (): AsyncGenerator<string | typeof FLUSH> {
    yield* ['One sentence. ', FLUSH];
    await firstAudio.promise;
    yield* ['And another one.', FLUSH];
    await new Promise(() => {});
  };
  const speech = speak(
    room.fish,
    { lane: 'g', text: words() },
    {
      signal: AbortSignal.timeout(10_000),
      onEvent: ({ type }) => type === 'first-audio' && firstAudio.resolve(),
    },
  );
  await speech.next();
  await expect(speech.next()).rejects.toMatchObject({ kind: 'timeout', phase: 'stall' });
});

test('an unknown voice is refused, and not worth a second try', async () => {
  await using room = await fishRoom({ fault: { kind: 'unknown-voice' } });
  const { error } = await room.say({ request: { referenceId: 'nobody' } });
  expect(error).toMatchObject({ kind: 'rejected', retryable: false, body: 'Reference not found' });
});

const CODES: CloseCode[] = [1000, 1005, 1006, 1011];
test.each(CODES.flatMap(code => [0, 1, 2, 3, 23, 24, 47].map(k => [code, k] as const)))(
  'closed with %i after %i packets is an error, whatever the code',
  async (code, afterEvents) => {
    await using room = await fishRoom(
      {
        packetsPerEvent: 1,
        packets: 60,
        fault: { kind: 'close', code, afterEvents },
      },
      { timings: { repeatMs: 100 } },
    );
    const { error } = await room.say({ text: LONG });
    expect(error).toMatchObject({ retryable: true });
    expect(error).toMatchObject({ kind: expect.stringMatching(/^(closed|network)$/) });
    await until('its slot is free', () => room.fish.status().inFlight === 0);
  },
);

test('what came before a break is delivered before the error', async () => {
  await using room = await fishRoom({ fault: { kind: 'close', code: 1011, afterEvents: 2 } });
  const speech = speak(room.fish, { lane: 'g', text: LONG }, { signal: AbortSignal.timeout(5_000) });
  const first = await speech.next();
  await until('the break', () => room.fish.status().inFlight === 0);
  const second = await speech.next();
  expect([first.done, second.done]).toEqual([false, false]);
  await expect(speech.next()).rejects.toMatchObject({ kind: 'closed' });
});

test.each<FishFault>([
  { kind: 'empty-audio' },
  { kind: 'unknown-events' },
  { kind: 'text-frame' },
  { kind: 'array-frame' },
  { kind: 'malformed', times: 1 },
])('$kind is tolerated', async fault => {
  await using room = await fishRoom({ fault });
  const { error, bytes } = await room.say({ text: LONG });
  expect(error).toBeUndefined();
  expect(bytes.subarray(0, 4).toString()).toBe('OggS');
});

test('audio in the wrong type, all of it, is an error', async () => {
  await using room = await fishRoom({ fault: { kind: 'audio-as-str' } }, { timings });
  const { error } = await room.say({ text: LONG });
  expect(error).toMatchObject({ kind: expect.stringMatching(/^(protocol|no-audio)$/) });
});

test.each<FishFault>([{ kind: 'duplicate-finish' }, { kind: 'audio-after-finish' }])(
  '$kind stays out of the next session',
  async fault => {
    await using room = await fishRoom({ packets: 30 }, { concurrency: 1 });
    await room.say({});
    room.server.behaviour.fault = fault;
    for (let i = 0; i < 5; i++) {
      const { error, bytes } = await room.say({});
      expect(error).toBeUndefined();
      expect(audioPackets(readPages(bytes))).toEqual(room.server.sessions.at(-1)?.packets);
    }
  },
);

test('pings without an answer end an idle socket, and a session', async () => {
  await using room = await fishRoom({ fault: { kind: 'no-pong' } }, { timings: { pingMs: 50, pongMs: 150 } });
  await until('the idle socket is given up', () => room.server.handshakes.length > 1);
  delete room.server.behaviour.fault;
  expect((await room.say({})).error).toBeUndefined();
});

test('who does not read makes Fish wait, and no deadline passes meanwhile', async () => {
  const packets = 9_000;
  await using room = await fishRoom(
    { packets, eventMs: 0, packetsPerEvent: 50 },
    { timings: { finishMs: 300, stallMs: 300 } },
  );
  const speech = speak(room.fish, { lane: 'g', text: LINE }, { signal: AbortSignal.timeout(15_000) });
  let bytes = 0;
  for await (const chunk of speech) {
    if (bytes === 0) await sleep(1_000);
    if (bytes === 0) expect(room.fish.status().inFlight).toBe(1);
    bytes += chunk.length;
  }
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(room.fish.status().inFlight).toBe(0);
});

test('neither the key nor what was said is in an error or in the log', async () => {
  const secret = 'Xylophone zebra marmalade';
  await using room = await fishRoom({
    fault: { kind: 'error', afterEvents: 0, error: `cannot say "${secret}"` },
  });
  const { error } = await room.say({ text: secret });
  room.server.behaviour.upgrade = { status: 401, body: `bad key ${room.server.apiKey}` };
  room.server.dropIdleSockets();
  await until('it is refused', () => room.fish.status().lastError?.status === 401);
  const all =
    [error, room.fish.status().lastError].map(each => `${JSON.stringify(each)} ${String(each)}`).join() +
    room.log.join('');
  expect(all).toContain('401');
  expect(all).not.toContain(room.server.apiKey);
  expect(all).not.toMatch(/zebra/i);
});
