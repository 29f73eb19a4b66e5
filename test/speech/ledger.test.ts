import { afterEach, expect, test } from 'vitest';
import { FishError } from '../../src/fish/errors.ts';
import { speak } from '../../src/fish/speak.ts';
import { synthesise } from '../../src/speech/synthesis.ts';
import type { FakeFish, FishFault } from '../sandbox/fish/fish.ts';
import { fishRoom } from '../support/fish-room.ts';
import { lineOf } from '../support/lines.ts';
import { speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

const TEXT = 'Grüße, 🐟! This is what Fish is sent.';
const bytesSent = (server: FakeFish) => server.sessions.reduce((sum, { bytes }) => sum + bytes, 0);
/** Without those that ended before Fish had said anything: nothing shows that it has read these. */
const bytesBegun = (server: FakeFish, from = 0) =>
  server.sessions
    .slice(from)
    .filter(({ ended, firstAudioAt }) => ended !== 'server-closed' || firstAudioAt !== undefined)
    .reduce((sum, { bytes }) => sum + bytes, 0);

/** Says `TEXT` as a session does; returns how many packets there were, or the error, and the bytes told. */
async function said(room: Awaited<ReturnType<typeof fishRoom>>) {
  let bytes = 0;
  let packets = 0;
  const signal = AbortSignal.timeout(15_000);
  const options = { signal, log: room.fish.room.log, onText: (sent: number) => void (bytes += sent) };
  try {
    for await (const packet of synthesise(room.fish, { lane: 'g', text: TEXT }, options))
      packets += Math.sign(packet.length);
    return { bytes, packets };
  } catch (error) {
    if (!(error instanceof FishError)) throw error;
    return { bytes, packets, error: error.kind };
  }
}

const FAULTS: [name: string, fault: FishFault, times: number][] = [
  ['closed with 1011 before any audio', { kind: 'close', code: 1011, afterEvents: 0 }, 1],
  ['closed with 1000 after an event', { kind: 'close', code: 1000, afterEvents: 1 }, 1],
  ['connection reset before any audio', { kind: 'close', code: 1006, afterEvents: 0 }, 1],
  ['an error event', { kind: 'error', afterEvents: 1 }, 1],
  ['finish with reason error', { kind: 'finish-error', afterEvents: 1 }, 1],
  ['finish without audio, always', { kind: 'no-audio' }, 9],
  ['an unknown voice', { kind: 'unknown-voice' }, 1],
];

test.each(FAULTS)('bytes told are those of the sessions that began: %s', async (_name, fault, times) => {
  await using room = await fishRoom({ packetsPerEvent: 4, packets: 20 });
  room.server.behaviour.fault = fault;
  room.server.behaviour.faultTimes = times;
  const { bytes } = await said(room);
  expect(bytes).toBe(bytesBegun(room.server));
  expect(bytes).toBeGreaterThanOrEqual(Buffer.byteLength(TEXT));
});

test.each(FAULTS)('the same on a socket that was open before: %s', async (_name, fault, times) => {
  await using room = await fishRoom({ packetsPerEvent: 4, packets: 20 });
  await said(room);
  await until('a spare', () => room.fish.status().spares > 0);
  const before = room.server.sessions.length;
  room.server.behaviour.fault = fault;
  room.server.behaviour.faultTimes = times;
  const { bytes } = await said(room);
  expect(bytes).toBe(bytesBegun(room.server, before));
});

test.each(['close', 'terminate'] as const)(
  'words sent to a pooled socket that Fish had dropped are counted once: %s',
  async how => {
    await using room = await fishRoom();
    await until('a spare', () => room.fish.status().spares > 0);
    room.server.dropIdleSockets(how);
    const { bytes, packets } = await said(room);
    expect(packets).toBeGreaterThan(0);
    expect(bytes).toBe(Buffer.byteLength(TEXT));
    expect(bytes).toBe(bytesSent(room.server));
  },
);

test('and not at all when Fish cannot be reached again', async () => {
  await using room = await fishRoom();
  await until('a spare', () => room.fish.status().spares > 0);
  room.server.behaviour.upgrade = { status: 401, body: '{}' };
  room.server.dropIdleSockets('terminate');
  expect(await said(room)).toEqual({ bytes: 0, packets: 0, error: 'unauthorized' });
  expect(bytesSent(room.server)).toBe(0);
});

test('words are told before they are sent, piece by piece, and those that are cut off never', async () => {
  await using room = await fishRoom();
  const controller = new AbortController();
  const reason = new Error('enough');
  const told: number[] = [];
  const words = async function* () {
    yield 'Four';
    await until('they arrive', () => bytesSent(room.server) === 4);
    yield 'Fünf!';
    await until('they arrive', () => bytesSent(room.server) === 10);
    controller.abort(reason);
    yield 'never';
  };
  const speech = speak(
    room.fish,
    { lane: 'g', text: words() },
    {
      signal: controller.signal,
      onEvent: event => {
        if (event.type !== 'text') return;
        told.push(event.bytes);
        expect(bytesSent(room.server)).toBeLessThan(told.reduce((sum, bytes) => sum + bytes));
      },
    },
  );
  await expect(
    (async () => {
      for await (const _bytes of speech);
    })(),
  ).rejects.toBe(reason);
  expect(told).toEqual([4, 6]);
  expect(bytesSent(room.server)).toBe(10);
});

afterEach(() => expect.hasAssertions());

test('each byte of a session is in the ledger, of whom it was: lines, names, failures, repeats, what was cut off', async () => {
  const room = await speechRoom({ fish: { packets: 25, packetsPerEvent: 5 } });
  const { session, server, ledger } = room;
  const ana = lineOf('Hello, it is me.', { announce: 'always', source: 'command' });
  session.conversation.say(ana);
  const ben = lineOf('And me, too!', { userId: 'ben', announce: 'auto', source: 'command' });
  session.conversation.say(ben);
  await until('both are heard', () => ben.outcomes.length > 0);
  server.behaviour.fault = { kind: 'close', code: 1011, afterEvents: 2 };
  server.behaviour.faultTimes = 1;
  const again = lineOf('This is sent twice.');
  session.conversation.say(again);
  await until('it is heard', () => again.outcomes.length > 0);
  server.behaviour.fault = { kind: 'no-audio' };
  const failing = lineOf('This fails.', { userId: 'ben' });
  session.conversation.say(failing);
  await until('it fails', () => failing.outcomes.length > 0);
  delete server.behaviour.fault;
  server.behaviour.packets = 500;
  const [long, never] = [lineOf('This is skipped.'), lineOf('This is never heard.', { userId: 'ben' })];
  session.conversation.say(long);
  session.conversation.say(never);
  await until('it speaks', () => server.sessions.some(({ text }) => text === never.text));
  session.conversation.skip();
  expect(session.conversation.stop()).toBe(1);
  await until('Fish is let go', () => server.openSessions === 0);
  expect([ana, ben, again, failing, long, never].map(({ outcomes }) => outcomes)).toEqual([
    [null],
    [null],
    [null],
    ['fish-no-audio'],
    ['skipped'],
    ['stopped'],
  ]);
  expect(failing.failures.map(({ key }) => key)).toEqual(['fish.no-audio']);
  expect(room.texts().slice(0, 2)).toEqual(['ana said: Hello, it is me.', 'ben said: And me, too!']);
  expect(ledger.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bytesSent(server));
  const bytesOf = (id: string) =>
    ledger.reduce((sum, { userId, bytes }) => sum + (userId === id ? bytes : 0), 0);
  const sentBy = (lines: { text: string }[]) =>
    server.sessions.reduce(
      (sum, { text, bytes }) => sum + (lines.some(line => text.endsWith(line.text)) ? bytes : 0),
      0,
    );
  expect(bytesOf('ana')).toBe(sentBy([ana, again, long]));
  expect(bytesOf('ben')).toBe(sentBy([ben, failing, never]));
  expect(ledger.every(({ bytes, nanoUsd }) => nanoUsd === bytes * 15_000)).toBe(true);
});
