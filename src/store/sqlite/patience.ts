import { setTimeout as sleep } from 'node:timers/promises';
import { problemOf } from '../database/problem-of.ts';

// Waits while another program has an SQLite file locked. `database/connection.ts` does the like for an open database.

const PAUSE_MS = 20;

/**
 * Runs `task`, and runs it again while it rejects because another program has the file locked, for up to `ms`. Resolves
 * or rejects as the last run does.
 */
export async function whileLocked<T>(task: () => Promise<T>, ms: number): Promise<T> {
  for (const deadline = performance.now() + ms; ; await sleep(PAUSE_MS)) {
    try {
      return await task();
    } catch (error) {
      if (problemOf(error) !== 'locked' || performance.now() > deadline) throw error;
    }
  }
}
