import type { REST } from 'discord.js';
import type { Logger } from '../../log.ts';

const LOOK_EACH_MS = 500;
/** Less is the clock being adjusted as it runs, and harms nobody. */
const STEP_MS = 250;

export interface ClockStepsOptions {
  readonly rest: Pick<REST, 'globalReset' | 'handlers'>;
  /** Others who keep times of the system's clock are told by how much it was set. */
  readonly shift: (byMs: number) => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * @discordjs/rest and @discordjs/ws keep the ends of Discord's rate limits as times of the system's clock. Set that
 * back by an hour, and after fifty requests each further one would wait for an hour, and after 115 messages to the
 * gateway each join. Here the clock is looked at twice a second beside the monotonic one, and when it was set, those
 * times are set with it.
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
