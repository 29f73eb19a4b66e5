import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PacketClock, type Ticking } from '../../src/audio/clock.ts';

/** A member that notes when it sends, and does what a test wants at its n-th packet. */
class Guild implements Ticking {
  readonly sent: number[] = [];
  readonly faults: unknown[] = [];
  prepared = 0;
  onDispatch: (number: number) => void = () => {};
  onPrepare: (number: number) => void = () => {};

  dispatch(): boolean {
    this.onDispatch(this.sent.length);
    this.sent.push(performance.now());
    return true;
  }

  prepare(): void {
    this.prepared += 1;
    this.onPrepare(this.prepared);
  }

  fault(error: unknown): void {
    this.faults.push(error);
  }
}

let clock: PacketClock;
let guild: Guild;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance', 'Date'] });
  clock = new PacketClock();
  guild = new Guild();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** When packets were sent, from the first one on. */
const since = (sent: readonly number[]) => sent.map(at => Math.round(at - (sent[0] ?? 0)));

test('a packet each 20 ms, whatever the system’s clock says', () => {
  clock.add(guild);
  for (const step of [-3_000, 3_000, -3_600_000, 3_600_000]) {
    vi.advanceTimersByTime(100);
    vi.setSystemTime(Date.now() + step);
  }
  vi.advanceTimersByTime(100);
  expect(since(guild.sent)).toEqual(Array.from({ length: guild.sent.length }, (_, index) => index * 20));
  expect(guild.sent.length).toBe(26);
});

test('after a blocked event loop three packets are caught up with, and the rest of the time is given up', () => {
  clock.add(guild);
  vi.advanceTimersByTime(205);
  const before = guild.sent.length;
  const { now } = performance;
  vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 1_000); // nothing ran meanwhile
  vi.advanceTimersByTime(100);
  expect(guild.sent.length - before).toBe(3 + 5);
  vi.advanceTimersByTime(1_000);
  expect(guild.sent.length - before).toBe(3 + 55);
});

test('who throws while sending or preparing is told; the others miss nothing', () => {
  const other = new Guild();
  clock.add(guild);
  clock.add(other);
  guild.onDispatch = number => {
    if (number === 3) throw new Error('dispatch');
  };
  guild.onPrepare = number => {
    if (number === 2) throw new Error('prepare');
  };
  vi.advanceTimersByTime(195);
  expect(other.sent).toHaveLength(10);
  expect(other.prepared).toBe(10);
  expect(guild.faults).toHaveLength(8); // once in preparing, then at each tick, since its count stands still
  expect(guild.prepared).toBe(3); // nothing is prepared at a tick that could not send
});

test('a member that cannot even take its fault does not stop the clock', () => {
  const other = new Guild();
  guild.fault = () => {
    throw new Error('no');
  };
  guild.onDispatch = () => {
    throw new Error('never');
  };
  clock.add(guild);
  clock.add(other);
  vi.advanceTimersByTime(95);
  expect(other.sent).toHaveLength(5);
});

test('it rests while nobody speaks, and ticks once for who comes back', () => {
  clock.add(guild);
  vi.advanceTimersByTime(50);
  clock.delete(guild);
  vi.advanceTimersByTime(50);
  expect(vi.getTimerCount()).toBe(0);
  const before = guild.sent.length;
  clock.add(guild);
  clock.delete(guild);
  clock.add(guild);
  vi.advanceTimersByTime(95);
  expect(guild.sent.length - before).toBe(5);
});
