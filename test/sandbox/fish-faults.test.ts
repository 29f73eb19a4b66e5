import { expect, test } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import { until } from '../support/until.ts';
import type { FishBehaviour, FishFault } from './fish/behaviour.ts';
import { startFish } from './fish/fish.ts';
import type { Soundless } from './fish/soundless.ts';
import { type RawEvent, RawFish } from './raw-fish-client.ts';

const LINE = 'The quick brown fox jumps over the lazy dog.';
/** Events of LINE: 132 packets, two of them held back, make six pages; the last page is the seventh. */
const EVENTS = 7;
/** Long enough for what must not come to come. */
const QUIET_MS = 60;
const FINISH = { event: 'finish', reason: 'stop', time: expect.any(Number) };

async function withFault(fault: FishFault, behaviour: Partial<FishBehaviour> = {}) {
  const fish = await startFish({ afterFinish: 'keep', fault, spread: 0, ...behaviour });
  const client = await RawFish.connect(fish);
  return {
    fish,
    client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await until('no slot is taken', () => fish.openSessions === 0);
      await fish[Symbol.asyncDispose]();
    },
  };
}

function kinds(events: readonly RawEvent[]): string[] {
  return events.map(({ event }) => event);
}

test.each([0, 1, 3, EVENTS])('stall after %i events: nothing more, not even finish', async afterEvents => {
  await using room = await withFault({ kind: 'stall', afterEvents });
  const { client, fish } = room;
  client.say(LINE);
  await until('the events', () => client.audio.length === afterEvents);
  await new Promise(resolve => setTimeout(resolve, QUIET_MS));
  await client.roundTrip();
  expect(kinds(client.events)).toEqual(Array(afterEvents).fill('audio'));
  expect(fish.openSessions).toBe(1);
});

test('never-finish: all the audio, then silence', async () => {
  await using room = await withFault({ kind: 'never-finish' });
  room.client.say(LINE);
  await until('all audio', () => room.client.audio.length === EVENTS);
  await new Promise(resolve => setTimeout(resolve, QUIET_MS));
  await room.client.roundTrip();
  expect(room.client.finishes).toEqual([]);
  expect(readPages(Buffer.concat(room.client.audio)).at(-1)?.eos).toBe(true);
});

test.each<Soundless>(['garbage', 'another-codec', 'endless-tags', 'drip', 'empty-packets'])(
  'soundless (%s): events go on without a packet of sound, until the client leaves',
  async how => {
    await using room = await withFault({ kind: 'soundless', how, afterEvents: 0, everyMs: 2 });
    room.client.say(LINE);
    await until('some events', () => room.client.audio.length > 20);
    expect(room.client.finishes).toEqual([]);
    expect(room.fish.sessions[0]?.packets).toEqual([]);
    expect(room.fish.openSessions).toBe(1);
  },
);

test.each<[FishFault, object[], number | undefined]>([
  [{ kind: 'no-audio' }, [FINISH], undefined],
  [
    { kind: 'finish-error', afterEvents: 0, message: 'GPU on fire' },
    [{ event: 'finish', reason: 'error', time: expect.any(Number), message: 'GPU on fire' }],
    undefined,
  ],
  [
    { kind: 'finish-error', afterEvents: 0 },
    [{ event: 'finish', reason: 'error', time: expect.any(Number) }],
    undefined,
  ],
  [{ kind: 'error', afterEvents: 0 }, [{ event: 'error', error: 'internal error' }], 1000],
  [{ kind: 'error', afterEvents: 0, error: 'out of luck' }, [{ event: 'error', error: 'out of luck' }], 1000],
  [{ kind: 'unknown-voice' }, [{ event: 'error', error: 'Reference not found' }], 1000],
])('%j: that, and nothing else', async (fault, events, code) => {
  await using room = await withFault(fault);
  room.client.say(LINE);
  if (code) expect(await room.client.closed()).toBe(code);
  else await room.client.over();
  await new Promise(resolve => setTimeout(resolve, QUIET_MS));
  expect(room.client.events).toEqual(events);
  expect(room.client.closeCode).toBe(code);
});

test.each<FishFault>([
  { kind: 'finish-error', afterEvents: 2 },
  { kind: 'error', afterEvents: 2 },
  { kind: 'close', code: 1011, afterEvents: 2 },
])('%j comes behind two whole events', async fault => {
  await using room = await withFault(fault);
  room.client.say(LINE);
  await room.client.over();
  expect(room.client.audio).toHaveLength(2);
  expect(kinds(room.client.events).slice(2)).toEqual(
    { 'finish-error': ['finish'], error: ['error'] }[fault.kind as string] ?? [],
  );
  expect(room.fish.sessions[0]?.ended).toBe(fault.kind === 'close' ? 'server-closed' : 'error');
});

test.each<FishFault>([
  { kind: 'close', code: 1011, afterPackets: 61 },
  { kind: 'stall', afterEvents: 9 },
])('%j: a session that is shorter ends well', async fault => {
  await using room = await withFault(fault, { packets: 60 });
  room.client.say(LINE);
  await room.client.over();
  expect(room.client.events.at(-1)).toEqual(FINISH);
});

test.each<[FishFault, (frames: RawFish['frames']) => unknown, unknown]>([
  [
    { kind: 'empty-audio' },
    frames => frames.filter(({ message }) => audioOf(message)?.length === 0).length,
    EVENTS,
  ],
  [{ kind: 'audio-as-str' }, frames => frames.filter(({ message }) => audioOf(message)).length, 0],
  [
    { kind: 'unknown-events' },
    frames => kinds(frames.map(({ message }) => message as RawEvent)).slice(0, 3),
    ['log', 'nobody-knows-this', 'audio'],
  ],
  [
    { kind: 'text-frame' },
    frames => frames.filter(({ isBinary, bytes }) => !isBinary && JSON.parse(bytes.toString())).length,
    EVENTS,
  ],
  [{ kind: 'malformed' }, frames => frames.findLastIndex(({ message }) => message === undefined), 0],
  [
    { kind: 'malformed', times: 3 },
    frames => frames.findLastIndex(({ message }) => message === undefined),
    2,
  ],
  [{ kind: 'array-frame' }, frames => frames.filter(({ message }) => Array.isArray(message)).length, EVENTS],
])('%j, and the session goes on', async (fault, count, expected) => {
  await using room = await withFault(fault);
  room.client.say(LINE);
  await room.client.over();
  expect(count(room.client.frames)).toEqual(expected);
  expect(room.client.finishes).toEqual([FINISH]);
  const stream = Buffer.concat(room.client.audio);
  if (fault.kind === 'audio-as-str') expect(room.client.events[0]?.audio).toMatch(/^OggS/);
  else expect(audioPackets(readPages(stream))).toEqual(room.fish.sessions[0]?.packets);
});

test('duplicate-finish and audio-after-finish: one frame too many', async () => {
  await using twice = await withFault({ kind: 'duplicate-finish' });
  twice.client.say(LINE);
  await twice.client.over(2);
  expect(kinds(twice.client.events).slice(EVENTS)).toEqual(['finish', 'finish']);
  await using late = await withFault({ kind: 'audio-after-finish' });
  late.client.say(LINE);
  await until(
    'what is late',
    () => late.client.events.at(-1)?.event === 'audio' && late.client.finishes.length === 1,
  );
  expect(kinds(late.client.events).slice(EVENTS)).toEqual(['finish', 'audio']);
});

test('no-pong: pings go unanswered, sessions do not', async () => {
  await using room = await withFault({ kind: 'no-pong' });
  room.client.ping();
  room.client.say(LINE);
  await room.client.over();
  expect(room.client.finishes).toHaveLength(1);
  expect(room.client.pongs).toBe(0);
});

test('unknown-voice, for one voice: the others speak', async () => {
  await using room = await withFault({ kind: 'unknown-voice', voice: 'nobody' });
  room.client.start({ reference_id: 'somebody' });
  room.client.send({ event: 'stop' });
  await room.client.over();
  expect(room.client.events).toEqual([FINISH]);
  room.client.start({ reference_id: 'nobody' });
  expect(await room.client.closed()).toBe(1000);
  expect(room.client.events[1]).toEqual({ event: 'error', error: 'Reference not found' });
});

test('withhold-last-sentence: it is lost, unless it was flushed', async () => {
  const heard: number[] = [];
  for (const flush of [false, true]) {
    await using room = await withFault({ kind: 'withhold-last-sentence' });
    room.client.start();
    room.client.send({ event: 'text', text: 'Twenty characters... Lost.' });
    if (flush) room.client.send({ event: 'flush' });
    room.client.send({ event: 'stop' });
    await room.client.over();
    heard.push(room.fish.sessions[0]?.packets.length ?? 0);
  }
  expect(heard).toEqual([3 * 20, 3 * 26]);
});

test('faultTimes: as many sessions, and then none', async () => {
  await using room = await withFault({ kind: 'no-audio' }, { faultTimes: 2 });
  for (const finishes of [1, 2, 3]) {
    room.client.say(LINE);
    await room.client.over(finishes);
  }
  expect(room.fish.sessions.map(({ packets }) => packets.length)).toEqual([0, 0, 132]);
  expect(room.fish.behaviour).not.toHaveProperty('fault');
  expect(room.fish.behaviour).not.toHaveProperty('faultTimes');
});

function audioOf(message: unknown): Uint8Array | undefined {
  const audio: unknown =
    typeof message === 'object' && message !== null && 'audio' in message && message.audio;
  return audio instanceof Uint8Array ? audio : undefined;
}
