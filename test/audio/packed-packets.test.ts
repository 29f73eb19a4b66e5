import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PackedPackets } from '../../src/audio/packed-packets.ts';

/** A packet of that length whose bytes tell its number. */
function packet(number: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(number);
}

/** What is done to the queue; the model is a list. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant('push' as const),
        length: fc.integer({ min: 0, max: 1_500 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant('push' as const),
        length: fc.integer({ min: 4_000, max: 9_000 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ does: fc.constant('shift' as const) }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('putBack' as const) }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('drop' as const), count: fc.nat(12) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('clear' as const) }) },
  ),
  { maxLength: 120 },
);

test('whatever is done, it holds the same packets as a list would', () => {
  fc.assert(
    fc.property(steps, fc.nat(20), fc.nat(20), (all, from, to) => {
      const queue = new PackedPackets();
      let list: Uint8Array[] = [];
      let last: Uint8Array | null = null;
      for (const [number, step] of all.entries()) {
        if (step.does === 'push') {
          const bytes = packet(number, step.length);
          queue.push(bytes);
          list.push(bytes);
        } else if (step.does === 'shift') {
          const first = list.shift() ?? null;
          last = first ?? last;
          const out = queue.shift();
          expect(out && [...out]).toEqual(first && [...first]);
        } else if (step.does === 'putBack') {
          if (last) {
            expect(queue.putBack()).toBe(true);
            list.unshift(last);
          }
          last = null;
        } else if (step.does === 'drop') {
          const count = Math.min(step.count, list.length);
          queue.dropLast(count);
          list = list.slice(0, list.length - count);
        } else {
          queue.clear();
          list = [];
          last = null;
          expect(queue.putBack()).toBe(false);
        }
        expect(queue.length).toBe(list.length);
      }
      const equal = (a: readonly Uint8Array[], b: readonly Uint8Array[]) =>
        a.length === b.length && a.every((each, at) => Buffer.compare(each, b[at]!) === 0);
      expect(equal(queue.slice(from, to), list.slice(from, to))).toBe(true);
      expect(equal(queue.slice(0, queue.length), list)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a packet in it does not keep the buffer in memory of which it was a part', () => {
  const network = new Uint8Array(65_536).fill(1);
  const queue = new PackedPackets();
  queue.push(network.subarray(100, 180));
  network.fill(2);
  const out = queue.shift();
  expect(out).toEqual(Buffer.alloc(80, 1));
  expect(out?.buffer).not.toBe(network.buffer);
});

test('small packets share a few buffers, and a large one has its own', () => {
  const queue = new PackedPackets();
  for (let number = 0; number < 500; number += 1) queue.push(packet(number, 80));
  queue.push(packet(1, 60_000));
  const buffers = new Set(queue.slice(0, queue.length).map(({ buffer }) => buffer));
  const bytes = [...buffers].reduce((total, { byteLength }) => total + byteLength, 0);
  expect(buffers.size).toBeLessThan(20);
  expect(bytes).toBeLessThan(1.1 * (500 * 80 + 60_000));
});

test('a packet that was taken out keeps its bytes, whatever is dropped and comes later', () => {
  const queue = new PackedPackets();
  queue.push(packet(1, 80));
  queue.push(packet(2, 80));
  const out = queue.shift();
  queue.putBack();
  queue.dropLast(2);
  for (let number = 3; number < 200; number += 1) queue.push(packet(number, 80));
  expect(out).toEqual(Buffer.alloc(80, 1));
});
