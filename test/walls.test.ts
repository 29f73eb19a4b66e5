import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';
import { walled } from '../src/walls.ts';

function watched() {
  const lines: string[] = [];
  const faults: unknown[] = [];
  const log = createLog('trace', [], { write: line => void lines.push(line) });
  return { lines, faults, log, onFault: (error: unknown) => void faults.push(error) };
}

const broken = new Error('broken');

test('a walled part gives its result through, at once or later', async () => {
  const { log, lines } = watched();
  expect(walled(log, 'a part', () => 7)).toBe(7);
  expect(await walled(log, 'a part', () => Promise.resolve(7))).toBe(7);
  expect(lines).toEqual([]);
});

test('a part that throws gives undefined, and its error is logged and handed on', () => {
  const { log, lines, faults, onFault } = watched();
  const fail = () => {
    throw broken;
  };
  expect(walled(log, 'a part', fail, onFault)).toBeUndefined();
  expect(faults).toEqual([broken]);
  expect(lines.map(line => (JSON.parse(line) as { fault: unknown }).fault)).toEqual(['a part']);
});

test('the promise of a part that rejects gives undefined: whoever waits for it goes on', async () => {
  const { log, lines, faults, onFault } = watched();
  expect(await walled(log, 'a part', () => Promise.reject(broken), onFault)).toBeUndefined();
  expect(faults).toEqual([broken]);
  expect(lines).toHaveLength(1);
});

test('a rejection that nobody waits for does not reach the process', async () => {
  const { log, faults, onFault } = watched();
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    void walled(log, 'a part', () => Promise.reject(broken), onFault);
    await turn();
    await turn();
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
  expect(faults).toEqual([broken]);
});
