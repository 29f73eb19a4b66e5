import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { followClockSteps } from '../../../src/discord/gateway/clock-steps.ts';
import { IdentifyPace, pauseAfter } from '../../../src/discord/gateway/identify-pace.ts';

const HOUR_MS = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

test('row 34: a shard that identifies for ever does it at most once in 5 s, and 30 times in any hour', () => {
  const times = [0];
  for (let now = 0; now < 10 * HOUR_MS; times.push(now)) {
    const from = now - HOUR_MS;
    now += pauseAfter(times.filter(at => at > from).length);
  }
  for (const [index, at] of times.entries()) {
    if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(5_000);
    expect(times.filter(other => other >= at && other < at + HOUR_MS).length).toBeLessThanOrEqual(30);
  }
});

test('who gives up waiting to identify has used up nothing, and holds up nobody', async () => {
  const told: number[] = [];
  const pace = new IdentifyPace({
    concurrency: async () => 1,
    turn: async () => {},
    onIdentify: shard => void told.push(shard),
  });
  const { signal } = new AbortController();
  await pace.waitForIdentify(0, signal);
  const over = new AbortController();
  const given = pace.waitForIdentify(0, over.signal);
  const second = pace.waitForIdentify(1, signal);
  over.abort();
  await expect(given).rejects.toThrow();
  await second;
  expect(told).toEqual([0, 1]);
}, 90_000);

test('the system’s clock is set: the ends of rate limits are set with it', () => {
  vi.useFakeTimers();
  const over = new AbortController();
  const handlers = [{ reset: Date.now() + 1_000 }, { reset: -1 }];
  const rest = { globalReset: Date.now() + 500, handlers: new Map(handlers.entries()) };
  const shifts: number[] = [];
  followClockSteps({
    rest: rest as unknown as Parameters<typeof followClockSteps>[0]['rest'],
    shift: byMs => void shifts.push(Math.round(byMs)),
    log: pino({ level: 'silent' }),
    signal: over.signal,
  });
  vi.advanceTimersByTime(1_000);
  const before = Date.now();
  vi.setSystemTime(before - HOUR_MS);
  vi.advanceTimersByTime(2_000);
  expect(shifts).toEqual([-HOUR_MS]);
  expect(rest.globalReset).toBe(before - 500 - HOUR_MS);
  expect(handlers.map(({ reset }) => reset)).toEqual([before - HOUR_MS, -1]);
  over.abort();
  expect(vi.getTimerCount()).toBe(0);
});
