import { jittered, type Remedy } from './remedy.ts';
import { CALL_TIMINGS } from './timings.ts';

/** Decides when a link re-joins because the call's end-to-end encryption group has not taken the bot in. */
export class Unencrypted {
  #tries = 0;

  /** How many re-joins there were for that reason. */
  get tries(): number {
    return this.#tries;
  }

  /** Returns when to re-join after the bot has waited in vain for the group, or that it should leave. */
  next(): Remedy {
    const pauseMs = CALL_TIMINGS.unencrypted[this.#tries];
    if (pauseMs === undefined) return { end: 'encryption' };
    this.#tries += 1;
    return { pauseMs: jittered(pauseMs) };
  }

  /** Counts from zero again. */
  forget(): void {
    this.#tries = 0;
  }
}
