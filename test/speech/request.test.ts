import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catchUp, requestFor } from '../../src/speech/request.ts';
import { lineOf } from '../support/lines.ts';

const { manner } = lineOf('');

test('speech is as usual while few wait, then faster, and never too fast to follow', () => {
  expect([0, 1, 3].map(catchUp)).toEqual([1, 1, 1]);
  expect(catchUp(4)).toBeCloseTo(1.1);
  expect(catchUp(50)).toBe(1.5);
  fc.assert(fc.property(fc.nat(100), waiting => catchUp(waiting + 1) >= catchUp(waiting)));
});

test('what is usual is not asked for', () => {
  expect(requestFor(manner, 0)).toEqual({ latency: 'balanced' });
});

test('all that a manner says is asked for, and catching up makes it faster', () => {
  const own = { voice: 'v', speed: 1.2, volume: -3, latency: 'low', temperature: 0.4 } as const;
  expect(requestFor(own, 0)).toEqual({
    referenceId: 'v',
    latency: 'low',
    temperature: 0.4,
    prosody: { speed: 1.2, volume: -3 },
  });
  expect(requestFor(own, 5).prosody?.speed).toBe(1.44);
});

test("speed stays within Fish Audio's bounds", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.nat(60), (speed, waiting) => {
      const asked = requestFor({ ...manner, speed }, waiting).prosody?.speed ?? 1;
      expect(asked).toBeGreaterThanOrEqual(0.5);
      expect(asked).toBeLessThanOrEqual(2);
    }),
  );
});
