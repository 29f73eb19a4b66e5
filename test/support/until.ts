import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;
/** What has to be asked for, of a browser or a database, costs more than a look at a variable. */
const ASK_MS = 50;

/**
 * Waits until `condition` is true, which is asked again and again, less often where its answer is a promise. If it is
 * not true within `timeoutMs`, this throws an error that names `what`.
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = condition();
    if (await answer) return;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(typeof answer === 'boolean' ? POLL_MS : ASK_MS);
  }
}
