import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

/** Waits until `condition` is true. If it is not within `timeoutMs`, it throws an error that names `what`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(POLL_MS);
  }
}
