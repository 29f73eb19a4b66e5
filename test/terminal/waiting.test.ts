import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { waiting } from '../../src/terminal/waiting.ts';

beforeEach(() =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'performance'] }),
);
afterEach(() => vi.useRealTimers());

test('what takes less than a second is not told', async () => {
  const told: string[] = [];
  expect(await waiting('it', Promise.resolve(7), line => told.push(line))).toBe(7);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});

test('what takes longer is told now and again, until it has ended', async () => {
  const told: string[] = [];
  const { promise, reject } = Promise.withResolvers<void>();
  const waited = waiting('looking at Discord', promise, line => told.push(line));
  vi.advanceTimersByTime(4_500);
  expect(told).toEqual(['  … looking at Discord (1 s)', '  … looking at Discord (4 s)']);
  reject(new Error('no'));
  await expect(waited).rejects.toThrow('no');
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(2);
});
