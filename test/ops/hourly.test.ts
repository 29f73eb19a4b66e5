import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import { reportHourly } from '../../src/ops/hourly.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function reporting() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', [], {
    write: line => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { report: reportHourly(log), lines };
}

test('each hour in which something was said is told: bytes, dollars, servers; the rest at the end', () => {
  const { report, lines } = reporting();
  report.add({ guildId: '1', bytes: 1_000, nanoUsd: 15_000_000 });
  report.add({ guildId: '2', bytes: 500, nanoUsd: 7_500_000 });
  report.add({ guildId: '1', bytes: -100, nanoUsd: -1_500_000 });
  vi.advanceTimersByTime(HOUR_MS);
  expect(lines).toMatchObject([{ level: 'info', bytes: 1_400, usd: 0.021, servers: 2, minutes: 60 }]);
  vi.advanceTimersByTime(2 * HOUR_MS); // in which nothing was said
  expect(lines).toHaveLength(1);
  report.add({ guildId: '3', bytes: 10, nanoUsd: 0 });
  vi.advanceTimersByTime(HOUR_MS / 2);
  report[Symbol.dispose]();
  expect(lines[1]).toMatchObject({ bytes: 10, usd: 0, servers: 1, minutes: 30 });
  vi.advanceTimersByTime(2 * HOUR_MS);
  expect(lines).toHaveLength(2);
});
