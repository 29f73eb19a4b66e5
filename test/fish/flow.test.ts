import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { ByteQueue } from '../../src/fish/byte-queue.ts';
import { Deadline } from '../../src/fish/deadline.ts';
import type { FishError } from '../../src/fish/errors.ts';
import { Watchdog } from '../../src/fish/watchdog.ts';

function queue(bound = 10) {
  const calls: string[] = [];
  const bytes = new ByteQueue({ bound, onFull: () => calls.push('full'), onRoom: () => calls.push('room') });
  return { bytes, calls };
}

const log = pino({ level: 'silent' });

test('bytes come out as they went in, then the end', async () => {
  const { bytes } = queue();
  const first = bytes.shift();
  bytes.push(new Uint8Array([1]));
  bytes.push(new Uint8Array([2, 3]));
  bytes.end();
  bytes.push(new Uint8Array([4]));
  expect([await first, await bytes.shift(), await bytes.shift(), await bytes.shift()]).toEqual([
    new Uint8Array([1]),
    new Uint8Array([2, 3]),
    undefined,
    undefined,
  ]);
});

test('an error comes after what was there before it; a cut comes at once', async () => {
  const { bytes } = queue();
  bytes.push(new Uint8Array(1));
  bytes.end({ error: new Error('broke') });
  expect(await bytes.shift()).toHaveLength(1);
  await expect(bytes.shift()).rejects.toThrow('broke');
  const other = queue().bytes;
  other.push(new Uint8Array(1));
  other.end();
  other.cut(new Error('enough'));
  await expect(other.shift()).rejects.toThrow('enough');
});

test('a pause is asked for above the bound, and ended at half of it', async () => {
  const { bytes, calls } = queue(10);
  for (let i = 0; i < 4; i++) bytes.push(new Uint8Array(4));
  expect(calls).toEqual(['full']);
  await bytes.shift();
  await bytes.shift();
  expect(calls).toEqual(['full']);
  await bytes.shift();
  expect(calls).toEqual(['full', 'room']);
});

test('a deadline is not missed for want of reading: our own blocked loop is not the fault of others', async () => {
  const deadline = new Deadline('a deadline', log);
  let expired = false;
  deadline.start(20, () => {
    expired = true;
  });
  const { port1, port2 } = new MessageChannel();
  port2.on('message', () => deadline.clear());
  port1.postMessage('the answer, long before the deadline');
  const until = performance.now() + 60;
  while (performance.now() < until);
  await sleep(20);
  expect(expired).toBe(false);
  port1.close();
});

const PAGE_MS = 464;
const waits = { firstAudioMs: 60, stallMs: 30, finishMs: 90 };

function watched() {
  const late: FishError[] = [];
  return { late, dog: new Watchdog(waits, error => late.push(error), log) };
}

test('nothing owed, no hurry', async () => {
  const { dog, late } = watched();
  dog.heard(PAGE_MS);
  await sleep(120);
  expect(late).toEqual([]);
});

test.each<[string, (dog: Watchdog) => void, string]>([
  ['a flush owes first audio', dog => dog.owe(), 'first-audio'],
  ['a stop owes first audio', dog => dog.owe({ stopped: true }), 'first-audio'],
  ['a flush after audio owes more', dog => (dog.heard(PAGE_MS), dog.owe()), 'stall'],
  ['a stop after audio owes a finish', dog => (dog.heard(PAGE_MS), dog.owe({ stopped: true })), 'finish'],
  [
    'audio after a stop still owes a finish',
    dog => (dog.owe({ stopped: true }), dog.heard(PAGE_MS)),
    'finish',
  ],
])('%s', async (_name, act, phase) => {
  const { dog, late } = watched();
  act(dog);
  await sleep(200);
  expect(late).toHaveLength(1);
  expect(late[0]).toMatchObject({ kind: 'timeout', retryable: true, phase });
});

test.each([
  ['the pages of a slow Fish are never late', PAGE_MS, 3_900, []],
  ['packets that drip in are late in the end', 20, 3_900, ['finish']],
  ['packets at half the pace of speech are never late', 20, 40, []],
])('%s', (_name, soundMs, everyMs, phases) => {
  vi.useFakeTimers();
  try {
    const late: FishError[] = [];
    const slow = { firstAudioMs: 8_000, stallMs: 4_000, finishMs: 4_000 };
    const dog = new Watchdog(slow, error => late.push(error), log);
    dog.owe({ stopped: true });
    for (let count = 0; count < 500 && late.length === 0; count += 1) {
      vi.advanceTimersByTime(everyMs);
      dog.heard(soundMs);
    }
    expect(late.map(({ phase }) => phase)).toEqual(phases);
    dog.end();
  } finally {
    vi.useRealTimers();
  }
});

test('audio pays a flush; rest stops the clock; the end ends it', async () => {
  const { dog, late } = watched();
  dog.owe();
  dog.heard(PAGE_MS);
  dog.owe();
  dog.rest();
  dog.heard(PAGE_MS);
  dog.owe({ stopped: true });
  await sleep(200);
  expect(late).toEqual([]);
  dog.wake();
  dog.end();
  await sleep(200);
  expect(late).toEqual([]);
});
