import { expect, test } from 'vitest';
import { killLoop } from '../support/kill-loop.ts';
import { freeScenes } from '../support/returning.ts';

const KILLS = 100;
/** The bot promises that so many milliseconds after it is ready it is back in its channel. */
const BACK_WITHIN_MS = 15_000;

freeScenes();

test(`row 14: kill -9 at ${KILLS} random instants, restart: settings exact, in the channel, nothing twice`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const report = await killLoop({ kills: KILLS, seed });
  const { backMs } = report;
  console.info(
    `seed ${seed}: back ${backMs.length} times, after ${backMs.at(backMs.length / 2)?.toFixed()} ms in the middle, ` +
      `${backMs.at(-1)?.toFixed()} ms at most; ${report.wordsAcknowledged} words kept, ${report.linesHeard} lines heard`,
  );
  expect(backMs.length).toBeGreaterThan(KILLS / 2);
  expect(backMs.at(-1)).toBeLessThan(BACK_WITHIN_MS);
});
