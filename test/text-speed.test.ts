import { expect, test } from 'vitest';
import { speakable } from '../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';
import { hostileTexts } from './hostile-text.ts';

/** As long as Discord lets anybody write. */
const LENGTH = 4_000;
const TIMES = 10;
const REPEATS = 5;
/** One slow moment of the machine is no fault of the text: the best of several, and more tries before it is one. */
const TRIES = 6;

const rules = goldenRules('en', { maxBytes: 8_000, maxSeconds: 600 });
const short = hostileTexts(LENGTH);
const long = hostileTexts(TIMES * LENGTH);

/**
 * The shortest of several times that this thread computed, in ms, whatever else the machine does; at least 10 µs,
 * since less cannot be told from nothing.
 */
function bestOf(repeats: number, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const from = process.threadCpuUsage();
    speakable(text, rules);
    const { user, system } = process.threadCpuUsage(from);
    best = Math.min(best, (user + system) / 1_000);
  }
  return Math.max(best, 0.01);
}

test('the time grows with the length, not with its square, whatever is written', { timeout: 120_000 }, () => {
  let shortTotal = 0;
  let longTotal = 0;
  for (const [kind, text] of short) {
    let shortMs = 0;
    let longMs = 0;
    for (let tries = 0; tries < TRIES; tries++) {
      shortMs = bestOf(REPEATS, text);
      longMs = bestOf(2, long.get(kind) ?? '');
      if (longMs / shortMs < 2 * TIMES) break;
    }
    expect(longMs / shortMs, `${kind}: ${longMs} ms to ${shortMs} ms`).toBeLessThan(5 * TIMES);
    shortTotal += shortMs;
    longTotal += longMs;
  }
  expect(longTotal / shortTotal).toBeLessThan(1.5 * TIMES);
});

test('the longest message of any kind takes a few milliseconds', { timeout: 60_000 }, () => {
  for (const [kind, text] of short) {
    const ms = Math.min(...Array.from({ length: TRIES }, () => bestOf(REPEATS, text)));
    expect(ms, kind).toBeLessThan(25); // under 4 ms where nothing else runs
  }
});
