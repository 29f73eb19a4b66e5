import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Limit } from '../../src/fish/limit.ts';
import { SharedSlots } from '../../src/fish/shared-slots.ts';
import type { SlotSharing } from '../../src/fish/slot-sharing.ts';
import { Slots } from '../../src/fish/slots.ts';
import { createLog } from '../../src/log.ts';

// One process's side of the slots that several processes share, with the others played by the test: what it tells them,
// and how many slots it uses. `shared-slots.test.ts` has several processes on one PostgreSQL.

const LIMIT = 6;
const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

type Report = Parameters<SlotSharing['exchange']>[0];

/** `held` is what this process has; null where the others cannot be reached, an error where the program throws it. */
function side(held: number | null | Error) {
  const lines: string[] = [];
  const log = createLog('info', [], { write: line => lines.push(line) });
  const reports: Report[] = [];
  const others = { held, wanted: false, hasLeft: false };
  const limit = new Limit({ ceiling: LIMIT, toldMs: 1e6, guessedMs: 1e6, onChange: () => {}, log });
  const sharing: SlotSharing = {
    async exchange(report) {
      reports.push(report);
      if (others.held instanceof Error) throw others.held;
      if (others.held === null) return null;
      others.held -= report.givesBack;
      const elsewhere = LIMIT - others.held;
      return {
        held: others.held,
        elsewhere,
        processes: 2,

        limitKnown: limit.known,
        wanted: others.wanted,
      };
    },
    listen: () => {},
    async leave() {
      others.hasLeft = true;
    },
  };
  const slots = new Slots(0);
  const pool = { socketCount: 0, setLimit: () => {} };
  const shared = new SharedSlots({ sharing, slots, pool, limit, log });
  return { shared, others, reports, slots, pool, lines };
}

test('nothing is used before the others have answered; then what they say it has', async () => {
  const { shared, slots, reports } = side(3);
  expect(slots.limit).toBe(0);
  await turn();
  expect(slots.limit).toBe(3);
  expect(shared.elsewhere).toBe(3);
  expect(reports).toMatchObject([{ givesBack: 0, used: 0, atLeast: 0, waiting: [] }]);
  await shared[Symbol.asyncDispose]();
});

test('a slot that others want is given back when its session has ended and its socket is closed', async () => {
  const { shared, others, slots, pool, reports } = side(1);
  await turn();
  const slot = await slots.acquire('lane', never);
  pool.socketCount = 1;
  others.wanted = true;
  shared.limitChanged();
  await turn();
  expect(reports.at(-1)).toMatchObject({ givesBack: 0, used: 1, atLeast: 1 });
  const before = reports.length;
  slot.release();
  await turn();
  expect(slots.limit).toBe(0);
  expect(reports.length).toBe(before);
  pool.socketCount = 0;
  shared.socketsChanged();
  await turn();
  expect(reports[before]).toMatchObject({ givesBack: 1, used: 0, atLeast: 0 });
  expect(others.held).toBe(0);
  await shared[Symbol.asyncDispose]();
});

test('a line that finds no slot here is told to the others once', async () => {
  const { shared, others, slots, reports } = side(0);
  await turn();
  const slot = slots.acquire('lane', never);
  await turn();
  expect(reports.filter(({ waiting }) => waiting.length > 0)).toHaveLength(1);
  others.held = 1;
  vi.advanceTimersByTime(1_000);
  await turn();
  (await slot).release();
  expect(slots.limit).toBe(1);
  await shared[Symbol.asyncDispose]();
});

async function seconds(count: number): Promise<void> {
  for (let second = 0; second < count; second += 1) {
    vi.advanceTimersByTime(1_000);
    await turn();
  }
}

test('while the others are away it goes down to its share of the limit at once, and tells it when they are back', async () => {
  const { shared, others, slots, reports } = side(5);
  await turn();
  others.held = null;
  shared.limitChanged();
  await turn();
  expect(slots.limit).toBe(LIMIT / 2);
  await seconds(12);
  expect(slots.limit).toBe(LIMIT / 2);
  others.held = 4;
  await seconds(1);
  expect(slots.limit).toBe(4);
  expect(reports.at(-1)).toMatchObject({ usable: LIMIT / 2 });
  await seconds(6);
  expect(reports.at(-1)).toMatchObject({ usable: null });
  await shared[Symbol.asyncDispose]();
});

test.each([
  { held: 0, soon: 1 },
  { held: 1, soon: 1 },
  { held: 2, soon: 2 },
])(
  'with $held slots it goes up to its share only when all others must have gone down',
  async ({ held, soon }) => {
    const { shared, others, slots } = side(held);
    await turn();
    others.held = null;
    shared.limitChanged();
    await turn();
    expect(slots.limit).toBe(held);
    await seconds(4);
    expect(slots.limit).toBe(soon);
    await seconds(5);
    expect(slots.limit).toBe(LIMIT / 2);
    await shared[Symbol.asyncDispose]();
  },
);

test('what Fish has told is told as news until the others have heard it', async () => {
  const { shared, others, reports } = side(2);
  await turn();
  others.held = null;
  shared.limitChanged();
  await turn();
  others.held = 2;
  for (let second = 0; second < 2; second += 1) {
    vi.advanceTimersByTime(1_000);
    await turn();
  }
  vi.advanceTimersByTime(5_000);
  await turn();
  expect(reports.map(({ isNews }) => isNews)).toEqual([false, true, true, false]);
  await shared[Symbol.asyncDispose]();
});

test('a fault of the program is logged, and costs no silence', async () => {
  const { shared, slots, lines } = side(new TypeError('a fault'));
  await turn();
  expect(slots.limit).toBe(1);
  expect(lines.join('')).toContain('"fault":"shared slots"');
  await shared[Symbol.asyncDispose]();
});

test('a process that cannot reach the others logs no fault, and gives all back at its end', async () => {
  const { shared, others, slots, lines } = side(null);
  await turn();
  expect(slots.limit).toBe(1);
  expect(lines).toEqual([]);
  await shared[Symbol.asyncDispose]();
  expect(others.hasLeft).toBe(true);
});
