import type { REST } from 'discord.js';
import type { Logger } from '../../log.ts';

// When somebody sets the system's clock back by an hour, the library's rate limits would last an hour longer, and
// requests to Discord would wait. Here such a step of the clock is noticed and made up for; `client.ts` starts this.

const LOOK_EACH_MS = 500;
/** A smaller difference is only a clock that is being adjusted while it runs, which harms nobody. */
const STEP_MS = 250;

export interface ClockStepsOptions {
  readonly rest: Pick<REST, 'globalReset' | 'handlers'>;
  /** Called with the milliseconds by which the clock was set forward, negative for backward. */
  readonly shift: (byMs: number) => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Compares the system's clock with the monotonic one twice a second. If it was set, moves the ends of all rate limits
 * by as much: @discordjs/rest and @discordjs/ws remember them as times of the system's clock.
 */
export function followClockSteps({ rest, shift, log, signal }: ClockStepsOptions): void {
  const offset = () => Date.now() - performance.now();
  let known = offset();
  const timer = setInterval(() => {
    const before = known;
    known = offset();
    const byMs = known - before;
    if (Math.abs(byMs) < STEP_MS) return;
    log.warn({ byMs: Math.round(byMs) }, 'the system’s clock was set');
    if (rest.globalReset > 0) rest.globalReset += byMs;
    for (const handler of rest.handlers.values()) {
      const reset: unknown = Reflect.get(handler, 'reset');
      if (typeof reset === 'number' && reset > 0) Reflect.set(handler, 'reset', reset + byMs);
    }
    shift(byMs);
  }, LOOK_EACH_MS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
