import { rm } from 'node:fs/promises';

const TRIES = 20;
/** The pause before each further try; each is longer than the one before by as much. */
const PAUSE_MS = 50;

/**
 * Removes a folder and all that is in it. When a bot is killed, the program by which it copies its database lives on
 * for a moment and may still write there: then this tries again.
 */
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: TRIES, retryDelay: PAUSE_MS });
}
