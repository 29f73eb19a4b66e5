import { expect, test } from 'vitest';
import { type Break, quantile, secondTries } from '../support/second-tries.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

const TEXT = 'One two three four five six seven.';
const CODES = [1000, 1005, 1006, 1011] as const;
/** The line has about so many; a break behind its end never comes. */
const PACKETS = 100;
/** As many as Fish Audio lets speak at once on its smallest plan. */
const SERVERS = 5;
const MOST_EXTRA_MS = 1_500;

test('row 3: Fish’s socket dies after each packet of a line, by each code: all words are heard, soon', async () => {
  const breaks = CODES.flatMap(code =>
    Array.from({ length: PACKETS }, (_, index): Break => ({ code, afterPackets: index + 1 })),
  );
  const tries = await secondTries(breaks, { text: TEXT, servers: SERVERS });
  const extra = tries.map(({ extraMs }) => extraMs);
  const ms = (share: number) => `${quantile(extra, share).toFixed(0)} ms`;
  const wrong = tries.filter(({ faults }) => faults.length > 0);
  console.info(
    `${tries.length} breaks: words wrong in ${wrong.length}; extra silence p50 ${ms(0.5)}, p95 ${ms(0.95)}, longest ${ms(1)}`,
  );
  expect(wrong).toEqual([]);
  expect(tries).toHaveLength(breaks.length);
  expect(quantile(extra, 0.95)).toBeLessThan(MOST_EXTRA_MS);
});
