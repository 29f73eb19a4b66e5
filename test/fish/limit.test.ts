import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { Limit } from '../../src/fish/limit.ts';
import { type FishRoomTest, fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

// How many sessions there may be at once: what Fish says, up and down.

const many = async (room: FishRoomTest, lines: number, text = LINE) => {
  const said = await Promise.all(
    Array.from({ length: lines }, (_, lane) => room.say({ lane: `${lane}`, text })),
  );
  expect(said.map(({ error }) => error)).toEqual(Array.from({ length: lines }, () => undefined));
};

test.each([false, true])(
  '5 → 2 → 15 while it runs, told in headers; idle sockets count: %s',
  async idleCounts => {
    await using room = await fishRoom({ idleCounts, eventMs: 10 }, { concurrency: 'auto' });
    const { server, fish } = room;
    await until('a spare', () => fish.status().spares > 0);
    expect(fish.status().limit).toBe(5);
    server.behaviour.maxConcurrency = 2;
    server.dropIdleSockets();
    await until('it is known', () => fish.status().limit === 2);
    const refused = server.tooMany.length;
    await many(room, 6);
    expect(server.tooMany).toHaveLength(refused);
    await until('there are spares', () => fish.status().spares > 0);
    server.behaviour.maxConcurrency = 15;
    await many(room, 3);
    await until('it is known', () => fish.status().limit === 15);
    server.behaviour.firstAudioMs = 1_000; // so that they are under way together, on a slow machine too
    await many(room, 30, LINE.repeat(3));
    expect(server.tooMany).toHaveLength(refused);
    expect(server.peakSessions).toBeGreaterThan(5);
  },
);

test('a refusal in band lowers it at once, no line is lost, none is counted twice, and it comes back one by one', async () => {
  const timings = { toldLimitMs: 400, guessedLimitMs: 50 };
  await using room = await fishRoom({ maxConcurrency: 2, limitHeaders: false, eventMs: 10 }, { timings });
  const { server, fish } = room;
  await many(room, 5);
  expect(room.log.join('')).toMatch(/"limit":[12],/);
  server.behaviour.maxConcurrency = 15;
  await until('it is back', () => fish.status().limit === 5);
  await until('there are spares', () => fish.status().spares > 0);
  server.behaviour.firstAudioMs = 1_000;
  await many(room, 10, LINE.repeat(3));
  expect(server.peakSessions).toBeGreaterThan(2);
});

test('a number is a ceiling, whatever Fish says', async () => {
  await using room = await fishRoom({ maxConcurrency: 15 }, { concurrency: 3 });
  await many(room, 12);
  expect(room.fish.status().limit).toBe(3);
  expect(room.server.peakSessions).toBeLessThanOrEqual(3);
});

test('what a REST answer tells holds as well', async () => {
  await using room = await fishRoom({ limitHeaders: false }, { concurrency: 'auto' });
  room.fish.answered({ limit: 15, remaining: 15 });
  expect(room.fish.status().limit).toBe(15);
  room.fish.answered({ limit: 2, remaining: 1 });
  expect(room.fish.status().limit).toBe(2);
});

/** A limit by itself, with a clock that is moved by hand. */
function limit(ceiling: number | 'auto' = 'auto') {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const values: number[] = [];
  const one = new Limit({
    ceiling,
    toldMs: 60_000,
    guessedMs: 10_000,
    onChange: value => void values.push(value),
    log: pino({ level: 'silent' }),
  });
  const after = (ms: number) => {
    vi.advanceTimersByTime(ms);
    return one.value;
  };
  const refused = (told: number | undefined, others: number) => {
    one.refused({ told, others, beganAt: performance.now() });
    return one.value;
  };
  return { one, values, after, refused };
}
afterEach(() => vi.useRealTimers());

test('told in band, it comes back one a minute, and twice as slowly where that was in vain', () => {
  const { after, refused } = limit();
  expect(refused(2, 4)).toBe(2);
  expect([after(59_000), after(2_000)]).toEqual([2, 3]);
  expect(refused(2, 2)).toBe(2);
  expect([after(119_000), after(2_000)]).toEqual([2, 3]);
  expect([after(120_000), after(60_000), after(600_000)]).toEqual([4, 5, 5]);
});

test('a refusal without a number leaves what is in use, and that comes back sooner', () => {
  const { after, refused } = limit();
  expect(refused(undefined, 3)).toBe(3);
  expect([after(9_000), after(1_500), after(10_000)]).toEqual([3, 4, 5]);
  expect(refused(undefined, 0)).toBe(1);
});

test('where the number does not explain it, others have their share of it', () => {
  const { refused, after } = limit();
  expect(refused(8, 2)).toBe(2);
  expect(after(10_001)).toBe(3);
});

test('what had been asked before the limit was lowered lowers it no further', () => {
  const { one } = limit();
  const beganAt = performance.now();
  vi.advanceTimersByTime(10);
  for (const others of [4, 3, 2, 1]) one.refused({ told: 2, others, beganAt });
  expect(one.value).toBe(2);
});

test('headers raise and lower it at once; the same number once more is no news', () => {
  const { one, values, refused } = limit();
  one.heard({ limit: 15, remaining: 15 }, 1);
  one.heard({ limit: 3 }, 1);
  one.heard({ limit: 15 }, 1);
  expect(refused(undefined, 4)).toBe(4);
  one.heard({ limit: 15 }, 1);
  expect(values).toEqual([15, 3, 15, 4]);
  one.heard({ remaining: 1 }, 2);
  one.heard({ remaining: 9 }, 2);
  expect(one.value).toBe(3);
});

test('a ceiling is never passed; nothing is less than one', () => {
  const { one, after, refused } = limit(3);
  one.heard({ limit: 50 }, 0);
  expect(one.value).toBe(3);
  expect(refused(0, 0)).toBe(1);
  expect(after(3_600_000)).toBe(3);
  one.heard({ limit: 2, remaining: 0 }, 0);
  expect(one.value).toBe(1);
});

test('what another process knows is taken over, and told to nobody', () => {
  const [one, other] = [limit(), limit()];
  other.one.heard({ limit: 12 }, 1);
  expect(one.one.valueIn(other.one.known)).toBe(12);
  one.one.adopt(other.one.known);
  expect([one.one.value, one.values]).toEqual([12, []]);
  expect(other.refused(undefined, 4)).toBe(4);
  one.one.adopt(other.one.known);
  expect(one.one.value).toBe(4);
  expect(one.after(10_001)).toBe(5); // it rises again here as well
  other.one.adopt(one.one.known);
  expect([other.one.value, other.values]).toEqual([5, [12, 4, 5]]);
});

test('a number is not passed, whatever other processes know, and what cannot be read changes nothing', () => {
  const [one, other] = [limit(3), limit()];
  other.one.heard({ limit: 12 }, 1);
  expect(one.one.valueIn(other.one.known)).toBe(3);
  one.one.adopt(other.one.known);
  expect(one.one.value).toBe(3);
  for (const strange of ['', 'null', '{}', '{"value":"many"}']) {
    expect(other.one.valueIn(strange)).toBe(1);
    other.one.adopt(strange);
  }
  expect(other.one.value).toBe(12);
});

test('while others hold all sessions of the account, a line that is refused in band is tried again with pauses', async () => {
  const timings = { busyMs: 2_000 };
  await using room = await fishRoom({ maxConcurrency: 0, limitHeaders: false }, { timings });
  await until('a spare', () => room.fish.status().spares === 1);
  expect((await room.say({})).error).toMatchObject({ kind: 'rate-limit' });
  // The pauses are 1 s and 2 s, each shortened by up to a half. The first try had a socket that was open already.
  expect(room.server.tooMany.length).toBeLessThanOrEqual(4);
  expect(room.server.handshakes.length).toBeLessThanOrEqual(8);
});
