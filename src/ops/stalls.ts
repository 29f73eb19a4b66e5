import type { Logger } from '../log.ts';
import { walled } from '../walls.ts';

// Notices when Node's event loop stands still, since speech stutters in all servers then, and warns the operator.
// Change here from how many milliseconds on that counts.

/** A shorter stall does not count. After this time ten packets of 20 ms are late, which people hear. */
const STALL_MS = 200;
const WARN_EACH_MS = 60_000;
/** How often a timer runs. The event loop stood still for as long as the timer is late. */
const LOOK_EACH_MS = 50;

/** Watches whether the event loop stands still. The figures are since the watch began. */
export interface StallWatch extends Disposable {
  /** How often the event loop stood still for more than 200 ms. */
  readonly times: number;
  /** For how many milliseconds in all. */
  readonly totalMs: number;
}

/**
 * Warns in the log when the event loop stood still, because the speech of all guilds waits meanwhile. It warns at most
 * once a minute, with the longest time since the last warning. Disposing of the result ends the watch. (Node's own
 * `monitorEventLoopDelay` is not used: `reset` makes it forget the delay that is just ending.)
 */
export function watchStalls(log: Logger, { warnEachMs = WARN_EACH_MS } = {}): StallWatch {
  let lookedAt = performance.now();
  let warnedAt = Number.NEGATIVE_INFINITY;
  let longestMs = 0;
  let stalls = 0;
  let times = 0;
  let totalMs = 0;
  const look = () => {
    const now = performance.now();
    const ms = Math.round(now - lookedAt) - LOOK_EACH_MS;
    lookedAt = now;
    if (ms > STALL_MS) {
      stalls += 1;
      times += 1;
      totalMs += ms;
      longestMs = Math.max(longestMs, ms);
    }
    if (stalls === 0 || now - warnedAt < warnEachMs) return;
    log.warn(
      { ms: longestMs, times: stalls },
      'the event loop stood still: whatever was being said came late',
    );
    warnedAt = now;
    longestMs = 0;
    stalls = 0;
  };
  const timer = setInterval(() => walled(log, 'event loop', look), LOOK_EACH_MS).unref();
  return {
    get times() {
      return times;
    },
    get totalMs() {
      return totalMs;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
    },
  };
}
