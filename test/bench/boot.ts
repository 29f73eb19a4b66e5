import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, ms, type Row } from './figures.ts';

/**
 * B11: how long the first speech of a process blocks its event loop, beside the same where the voice library makes the
 * resource, and so looks for ffmpeg. Each in a process of its own.
 */

const PROBE = fileURLToPath(new URL('./boot-probe.ts', import.meta.url));
const REPEATS = 5;
const TARGET_MS = 20;

function longestBlock(how: 'ours' | 'library'): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, [PROBE, how], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`boot probe: ${stderr}`);
  return Number(stdout);
}

export function bootRows(): Row[] {
  const runs = Array.from({ length: REPEATS }, () => ({
    ours: longestBlock('ours'),
    library: longestBlock('library'),
  }));
  const ours = median(runs.map(run => run.ours));
  return [
    {
      id: 'B11',
      what: 'longest block of the event loop at the first speech of a process',
      ours: ms(ours, 1),
      beside: `with the library's createAudioResource ${ms(median(runs.map(run => run.library)), 1)}`,
      target: `≤ ${TARGET_MS} ms`,
      met: ours <= TARGET_MS,
    },
  ];
}
