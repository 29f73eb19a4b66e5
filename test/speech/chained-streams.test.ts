import { expect, test } from 'vitest';
import { FLUSH, type Piece, type Words } from '../../src/fish/pieces.ts';
import { synthesise } from '../../src/speech/synthesis.ts';
import { plainOgg } from '../sandbox/fish/ogg-shape.ts';
import { type FishRoomTest, fishRoom } from '../support/fish-room.ts';
import { faultsIn, stretchesHeard, wordsIn } from '../support/words-heard.ts';

const chained = { ...plainOgg, chainPerFlush: true };
/** Fish makes three pieces of it. */
const LONG = 'The quick brown fox jumps over the lazy dog, and nobody knows why. '.repeat(7).trim();
const SENTENCES: Piece[] = ['One two three. ', FLUSH, 'Four five six. ', FLUSH, 'Seven eight nine.'];

async function said({ server, fish }: FishRoomTest, text: Words) {
  const before = server.sessions.length;
  const packets: Uint8Array[] = [];
  const options = { signal: AbortSignal.timeout(60_000), log: fish.room.log };
  for await (const packet of synthesise(fish, { lane: 'a guild', text }, options)) packets.push(packet);
  return { packets, sessions: server.sessions.slice(before) };
}

test('a long text in chained streams is said to its end, wherever it breaks off', async () => {
  const behaviour = { eventMs: 0, packetsPerEvent: 200, ogg: chained };
  const wrong: unknown[] = [];
  for (let k = 1; ; k += 1) {
    const fault = { kind: 'close', code: 1006, afterEvents: k } as const;
    await using room = await fishRoom({ ...behaviour, fault, faultTimes: 1 });
    const { packets, sessions } = await said(room, LONG);
    const last = stretchesHeard(sessions, packets).at(-1);
    if (sessions[0]?.ended === 'finish') break; // it had no event after the k-th
    if (sessions.length !== 2 || last?.session !== sessions[1] || last?.to !== sessions[1]?.packets.length)
      wrong.push({ k, sessions: sessions.length, heard: packets.length });
  }
  expect(wrong).toEqual([]);
}, 240_000);

test('no word of sentences in chained streams is lost, wherever they break off', async () => {
  const behaviour = { voice: 'tones', eventMs: 0, packetsPerEvent: 20, ogg: chained } as const;
  const wrong: unknown[] = [];
  for (let k = 1; ; k += 1) {
    const fault = { kind: 'close', code: 1011, afterEvents: k } as const;
    await using room = await fishRoom({ ...behaviour, seed: k, fault, faultTimes: 1 });
    const { packets, sessions } = await said(room, SENTENCES);
    if (sessions[0]?.ended === 'finish') break;
    const faults = faultsIn(wordsIn(stretchesHeard(sessions, packets)), 9);
    if (faults.length > 0) wrong.push({ k, faults });
  }
  expect(wrong).toEqual([]);
}, 240_000);

/** A stall this long is none of the machine that runs the test. */
const timings = { finishMs: 3_000, stallMs: 3_000 };
const neverFinish = { fault: { kind: 'never-finish' }, faultTimes: 1 } as const;

test('where only the finish of a short text was lost, it is not said again', async () => {
  await using room = await fishRoom({ eventMs: 0, ...neverFinish }, { timings });
  const { packets, sessions } = await said(room, 'The quick brown fox jumps over the lazy dog.');
  expect(sessions).toHaveLength(1);
  expect(Buffer.concat(packets).equals(Buffer.concat(sessions[0]?.packets ?? []))).toBe(true);
});

test('nor a long one, once Fish has said as much in one stream', async () => {
  await using room = await fishRoom({ eventMs: 0 }, { timings });
  for (const text of [LONG, SENTENCES]) {
    await said(room, text);
    Object.assign(room.server.behaviour, neverFinish);
    const { packets, sessions } = await said(room, text);
    expect(sessions).toHaveLength(1);
    expect(Buffer.concat(packets).equals(Buffer.concat(sessions[0]?.packets ?? []))).toBe(true);
  }
}, 30_000);

test('what ended far too soon for its words is said again, in whatever streams', async () => {
  const fault = { kind: 'never-finish' } as const;
  await using room = await fishRoom({ eventMs: 0, packets: 60 }, { timings });
  await said(room, LONG);
  Object.assign(room.server.behaviour, { fault, faultTimes: 1 });
  expect((await said(room, LONG)).sessions).toHaveLength(2);
});

test('what Fish itself calls failed is said again, also after the end of the stream', async () => {
  const text = 'The quick brown fox jumps over the lazy dog.';
  await using room = await fishRoom({ eventMs: 0, packetsPerEvent: 1_000 });
  Object.assign(room.server.behaviour, { fault: { kind: 'error', afterEvents: 2 }, faultTimes: 1 });
  const { sessions } = await said(room, text);
  expect(sessions.map(({ ended }) => ended)).toEqual(['error', 'finish']);
});
