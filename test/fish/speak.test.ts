import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FLUSH, speak } from '../../src/fish/speak.ts';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import { fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

const kinds = (events: readonly { type: string }[]) => events.map(({ type }) => type);

test('whole text: one session, Ogg bytes, a summary and a timeline', async () => {
  await using room = await fishRoom();
  const { bytes, summary, events, error } = await room.say({ text: 'Grüße, 🐟!' });
  expect(error).toBeUndefined();
  expect(bytes.subarray(0, 4).toString()).toBe('OggS');
  expect(summary).toMatchObject({ bytes: 14, audioBytes: bytes.length });
  expect(kinds(events)).toEqual(['slot', 'socket', 'start', 'text', 'begun', 'first-audio', 'finish']);
  expect(events.at(-1)).toMatchObject({ ok: true, bytes: 14 });
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
  const [session] = room.server.sessions;
  expect(session?.text).toBe('Grüße, 🐟!');
  expect(room.fish.status()).toMatchObject({ inFlight: 0, waiting: 0, limit: 5, lastError: null });
  expect(room.fish.status().lastFirstAudioMs).toBe(summary?.firstAudioMs);
  expect(room.fish.status().lastConnectMs).toBeGreaterThan(0);
});

test('the handshake carries the key and the model', async () => {
  await using room = await fishRoom({}, { model: 's1' });
  await room.say({});
  expect(room.server.handshakes[0]).toMatchObject({ model: 's1' });
});

test('drama-3 speaks on the path that tells timestamps, whose events may hold no sound', async () => {
  await using room = await fishRoom({ packets: 60 }, { model: 'drama-3' });
  const { error, bytes } = await room.say({});
  expect(error).toBeUndefined();
  expect(room.server.handshakes[0]).toMatchObject({
    model: 'drama-3',
    path: '/v1/tts/live/with-timestamp',
  });
  expect(room.server.sessions[0]).toMatchObject({ model: 'drama-3', ended: 'finish' });
  expect(audioPackets(readPages(bytes))).toEqual(room.server.sessions[0]?.packets);
});

test('text may come in pieces, in time, with flushes between sentences', async () => {
  await using room = await fishRoom();
  const words = async function* () {
    yield 'One ';
    yield 'sentence.';
    yield FLUSH;
    yield FLUSH;
    await sleep(20);
    yield ' Another one.';
  };
  const { summary, error } = await room.say({ text: words() });
  expect(error).toBeUndefined();
  expect(room.server.sessions[0]?.text).toBe('One sentence. Another one.');
  expect(summary?.bytes).toBe(26);
  const sync = await room.say({ text: ['a ', 'list.'] });
  expect(sync.error).toBeUndefined();
  expect(room.server.sessions[1]?.text).toBe('a list.');
});

test('a slot is not taken before there is something to say', async () => {
  await using room = await fishRoom();
  const { promise, resolve } = Promise.withResolvers<void>();
  const thinking = async function* () {
    yield ' ';
    await promise;
    yield 'Well.';
  };
  const said = room.say({ text: thinking() });
  await sleep(30);
  expect(room.fish.status().inFlight).toBe(0);
  resolve();
  expect((await said).error).toBeUndefined();
  expect(room.server.sessions[0]?.text).toBe(' Well.');
});

test.each<[string, () => string | Iterable<string>]>([
  ['nothing', () => ''],
  ['spaces', () => ' \n\u200B'],
  ['pieces of nothing', () => ['', ' ']],
  ['no pieces', () => []],
])('%s is refused before anything is sent', async (_name, text) => {
  await using room = await fishRoom();
  const { error, events } = await room.say({ text: text() });
  expect(error).toMatchObject({ name: 'FishError', kind: 'request', retryable: false });
  expect(events).toEqual([]);
  expect(room.server.sessions).toHaveLength(0);
});

test('a request out of range is refused before anything is sent', async () => {
  await using room = await fishRoom();
  const fast = await room.say({ request: { prosody: { speed: 3 } } });
  expect(fast.error).toMatchObject({ kind: 'request' });
  const mp3 = await room.say({ request: { format: 'mp3', sampleRate: 48_000 } });
  expect(mp3.error).toMatchObject({ kind: 'request' });
  expect(room.server.sessions).toHaveLength(0);
  expect(room.fish.status().lastError).toBeNull();
});

test('a source that throws fails the session with its own error, and closes the socket', async () => {
  await using room = await fishRoom();
  const mine = new Error('the model lost its thread');
  const failing = async function* () {
    yield 'So. ';
    await sleep(20);
    throw mine;
  };
  const { error, events } = await room.say({ text: failing() });
  expect(error).toBe(mine);
  expect(events.at(-1)).toMatchObject({ type: 'finish', ok: false, bytes: 4 });
  await until('the session is gone', () => room.server.openSessions === 0);
  await until('its slot is free', () => room.fish.status().inFlight === 0);
  expect((await room.say({})).error).toBeUndefined();
});

test('a source is let go when its words are not wanted any more', async () => {
  await using room = await fishRoom({ fault: { kind: 'stall', afterEvents: 1 } }, { concurrency: 1 });
  const left: string[] = [];
  const endless = async function* (name: string) {
    try {
      for (;;) {
        yield `${name} `;
        await sleep(5);
      }
    } finally {
      left.push(name);
    }
  };
  const control = new AbortController();
  const speaking = room.say({ text: endless('speaking') }, control.signal);
  await until('one speaks', () => room.server.openSessions === 1);
  const waiting = room.say({ text: endless('waiting') }, control.signal);
  await until('one waits', () => room.fish.status().waiting === 1);
  control.abort();
  await Promise.all([speaking, waiting]);
  await until('both sources are free', () => left.length === 2);
  expect(left.toSorted()).toEqual(['speaking', 'waiting']);
});

test('a cancel closes the socket, and throws the reason', async () => {
  await using room = await fishRoom({ fault: { kind: 'stall', afterEvents: 1 } });
  const control = new AbortController();
  const said = room.say({}, control.signal);
  await until('speech', () => room.server.openSessions === 1);
  await sleep(20);
  const reason = new Error('skipped');
  control.abort(reason);
  expect((await said).error).toBe(reason);
  await until('the session is gone', () => room.server.openSessions === 0);
  expect(room.fish.status().lastError).toBeNull();
});

test('a cancel before, while waiting for a slot, and while connecting', async () => {
  await using room = await fishRoom({ fault: { kind: 'stall', afterEvents: 1 } }, { concurrency: 1 });
  expect((await room.say({}, AbortSignal.abort('early'))).error).toBe('early');
  const first = new AbortController();
  const second = new AbortController();
  const speaking = room.say({}, first.signal);
  await until('one speaks', () => room.server.openSessions === 1);
  const waiting = room.say({}, second.signal);
  await until('one waits', () => room.fish.status().waiting === 1);
  second.abort('late');
  expect((await waiting).error).toBe('late');
  expect(room.fish.status().waiting).toBe(0);
  first.abort('enough');
  expect((await speaking).error).toBe('enough');

  await using slow = await fishRoom({ hangUpgrade: true });
  const third = new AbortController();
  const connecting = slow.say({}, third.signal);
  await sleep(30);
  third.abort('gone');
  expect((await connecting).error).toBe('gone');
  expect(slow.fish.status().inFlight).toBe(0);
});

test('whoever stops listening ends the session', async () => {
  await using room = await fishRoom({ eventMs: 20 });
  for await (const bytes of speak(
    room.fish,
    { lane: 'g', text: LINE.repeat(5) },
    { signal: AbortSignal.timeout(5_000) },
  )) {
    expect(bytes.length).toBeGreaterThan(0);
    break;
  }
  await until('the session is gone', () => room.server.openSessions === 0);
  await until('its slot is free', () => room.fish.status().inFlight === 0);
});

test('a cancel after Fish has finished drops what nobody took', async () => {
  await using room = await fishRoom();
  const control = new AbortController();
  const speech = speak(room.fish, { lane: 'g', text: LINE }, { signal: control.signal });
  await speech.next();
  await until('Fish has finished, and its slot is free', () => room.fish.status().inFlight === 0);
  control.abort(new Error('skipped'));
  await expect(speech.next()).rejects.toThrow('skipped');
});

test('closing the room ends who speaks, who waits and who comes', async () => {
  const room = await fishRoom({ fault: { kind: 'stall', afterEvents: 1 } }, { concurrency: 1 });
  const speaking = room.say({});
  await until('one speaks', () => room.server.openSessions === 1);
  const waiting = room.say({ lane: 'other' });
  await until('one waits', () => room.fish.status().waiting === 1);
  await room[Symbol.asyncDispose]();
  for (const said of [speaking, waiting, room.say({})]) {
    expect((await said).error).toMatchObject({ kind: 'closed', retryable: false });
  }
});

test('a listener that throws breaks nothing', async () => {
  await using room = await fishRoom();
  const speech = speak(
    room.fish,
    { lane: 'g', text: LINE },
    {
      signal: AbortSignal.timeout(5_000),
      onEvent: () => {
        throw new Error('a bug elsewhere');
      },
    },
  );
  let total = 0;
  for await (const bytes of speech) total += bytes.length;
  expect(total).toBeGreaterThan(0);
  expect(room.log.join('')).toContain('a bug elsewhere');
});
