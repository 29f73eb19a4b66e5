import { expect, test } from 'vitest';
import { speakable } from '../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';
import { hostileTexts } from './hostile-text.ts';

/** As long as Discord lets anybody write. */
const LENGTH = 4_000;
const TIMES = 10;
/** Ten times the length may take so many times the time of ten of them; a square would make it ten. */
const MOST = 1.5;
/** Machines have slow moments: so often a kind is tried until it does well once. What is slow never does. */
const TRIES = 25;

const rules = goldenRules('en', { maxBytes: 8_000, maxSeconds: 600 });
const short = hostileTexts(LENGTH);
const long = hostileTexts(TIMES * LENGTH);

/** In ms; what takes less than half of one cannot be told from the clock's own doings. */
function took(text: string, times: number): number {
  const from = performance.now();
  for (let i = 0; i < times; i++) speakable(text, rules);
  return Math.max(performance.now() - from, 0.5);
}

/** The least of several values, with no more of them made than until one is small enough. */
function least(enough: number, make: () => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && best > enough; tries++) best = Math.min(best, make());
  return best;
}

test.each([...short])(
  '%s: ten times the length is no more than fifteen times the time',
  (kind, text) => {
    const longText = long.get(kind) ?? '';
    took(text, TIMES);
    const ratio = least(MOST, () => took(longText, 1) / took(text, TIMES));
    expect(ratio).toBeLessThanOrEqual(MOST);
  },
  60_000,
);

test('the longest message of any kind takes a few milliseconds', { timeout: 60_000 }, () => {
  // At most 4 ms where nothing else runs.
  for (const [kind, text] of short)
    expect(
      least(5, () => took(text, 1)),
      kind,
    ).toBeLessThan(15);
});
