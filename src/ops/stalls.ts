import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from '../log.ts';
import { walled } from '../walls.ts';

/** People hear it when the event loop stands still for longer: ten packets are late then. */
const STALL_MS = 200;
const LOOK_EACH_MS = 1_000;
const WARN_EACH_MS = 60_000;
/** How often the loop is measured. A turn that is on time takes so long, too. */
const RESOLUTION_MS = 10;

/**
 * Warns in the log when the event loop stood still, with how long: all servers' speech waits meanwhile. At most once a
 * minute, and then with the longest since the last warning.
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
