import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from '../log.ts';
import { walled } from '../walls.ts';

/** If the event loop stands still for longer, people hear it, since ten packets are late then. */
const STALL_MS = 200;
const LOOK_EACH_MS = 1_000;
const WARN_EACH_MS = 60_000;
/** The loop is measured so often. Node counts this time in each delay that it reports. */
const RESOLUTION_MS = 10;

/**
 * Warns in the log when the event loop stood still, because the speech of all guilds waits meanwhile. It warns at most
 * once a minute, with the longest time since the last warning. Disposing of the result ends the watch.
 */
export function watchStalls(log: Logger, { warnEachMs = WARN_EACH_MS } = {}): Disposable {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let warnedAt = Number.NEGATIVE_INFINITY;
  let longestMs = 0;
  let stalls = 0;
  const look = () => {
    const ms = Math.round(delays.max / 1e6) - RESOLUTION_MS;
    delays.reset();
    if (ms > STALL_MS) {
      stalls += 1;
      longestMs = Math.max(longestMs, ms);
    }
    if (stalls === 0 || performance.now() - warnedAt < warnEachMs) return;
    log.warn({ ms: longestMs, times: stalls }, 'the event loop stood still: all speech was late');
    warnedAt = performance.now();
    longestMs = 0;
    stalls = 0;
  };
  const timer = setInterval(() => walled(log, 'event loop', look), LOOK_EACH_MS).unref();
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      delays.disable();
    },
  };
}
