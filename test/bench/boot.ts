import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, ms, type Row } from './figures.ts';

/**
 * B11: how long the first speech of a process blocks its event loop, with everything warmed at start as
 * `main.ts` does, beside the same without. Each in a process of its own.
 */

const PROBE = fileURLToPath(new URL('./boot-probe.ts', import.meta.url));
const REPEATS = 5;
const TARGET_MS = 20;

function longestBlock(how: 'warm' | 'cold'): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, [PROBE, how], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`boot probe: ${stderr}`);
  return Number(stdout);
}

export function bootRows(): Row[] {
  const runs = Array.from({ length: REPEATS }, () => ({
    warm: longestBlock('warm'),
    cold: longestBlock('cold'),
  }));
  const warm = median(runs.map(run => run.warm));
  return [
    {
      id: 'B11',
      what: 'longest block of the event loop at the first speech of a process',
      ours: ms(warm, 1),
      beside: `not warmed at start ${ms(median(runs.map(run => run.cold)), 1)}`,
      target: `≤ ${TARGET_MS} ms`,
      met: warm <= TARGET_MS,
    },
  ];
}
