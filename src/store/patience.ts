import { setTimeout as sleep } from 'node:timers/promises';
import { problemOf } from './problem-of.ts';

const PAUSE_MS = 20;

/** Does `task`, and again for `ms` as long as it rejects because somebody else holds the file; settles as the last. */
export async function whileLocked<T>(task: () => Promise<T>, ms: number): Promise<T> {
  for (const deadline = performance.now() + ms; ; await sleep(PAUSE_MS)) {
    try {
      return await task();
    } catch (error) {
      if (problemOf(error) !== 'locked' || performance.now() > deadline) throw error;
    }
  }
}
