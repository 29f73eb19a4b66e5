import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for `ms`. False, at once, when `signal` is aborted before that. */
export async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms > 0 && !signal.aborted) {
    // The one way to fail is the abort, which the result tells.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
  return !signal.aborted;
}
