import type { REST } from 'discord.js';
import type { Logger } from '../../log.ts';

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
 * Corrects the library's rate limits when somebody sets the system's clock. @discordjs/rest and @discordjs/ws
 * remember until when a rate limit lasts as a time of that clock. If it were set back by an hour, requests to
 * Discord, and joins of voice channels, could wait for an hour. So this function compares the system's clock with the
 * monotonic one twice a second, and moves those times by as much as the clock was set.
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
