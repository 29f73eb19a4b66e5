import { expect, test } from 'vitest';
import { planOf } from './plan.ts';
import { runSeed } from './seed.ts';

/** Chosen for what happens in them, see `npm run simulate -- --seed N --verbose`; hundreds more take minutes. */
const SEEDS = [86, 363];

test.concurrent.each(SEEDS)(
  'row 16: the whole bot under the faults and among the people of seed %i keeps all promises',
  async seed => {
    const { report } = await runSeed({ seed });
    expect(report).toBe('');
  },
  300_000,
);

test('row 16: the same seed is the same plan', () => {
  expect(JSON.stringify(planOf(7))).toBe(JSON.stringify(planOf(7)));
  expect(JSON.stringify(planOf(7))).not.toBe(JSON.stringify(planOf(8)));
});
