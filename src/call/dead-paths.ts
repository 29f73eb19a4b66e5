import type { Remedy } from './remedy.ts';
import { CALL_TIMINGS } from './timings.ts';

// Decides when a call looks for a new way for its datagrams to Discord after the old one (the path) was found dead, and
// when the bot leaves for that reason. `path-watch.ts` finds out that a path is dead.

/** How often a new path is looked for, two minutes apart, before the bot leaves the channel. */
const TRIES = 5;

export class DeadPaths {
  /** When a dead path was left last, by `performance.now()`. */
  #leftAt = Number.NEGATIVE_INFINITY;
  #dead = false;
  #tries = 0;

  /** Whether the path was found dead and the bot could not be heard since. */
  get isDead(): boolean {
    return this.#dead;
  }

  /** Notes that the path was found dead, and returns whether a new path may be looked for now. */
  mayLeave(): boolean {
    if (performance.now() - this.#leftAt < CALL_TIMINGS.deadPath) return false;
    this.lost();
    return true;
  }

  /** Notes that the path is dead, and that the bot gives it up now. */
  lost(): void {
    this.#leftAt = performance.now();
    this.#dead = true;
  }

  /**
   * Call this when the new path is dead too; returns when to look for the next one, or that the bot should leave.
   */
  next(): Remedy {
    this.#tries += 1;
    if (this.#tries > TRIES) return { end: 'udp' };
    const pauseMs = Math.max(0, this.#leftAt + CALL_TIMINGS.deadPath - performance.now());
    this.#leftAt = performance.now() + pauseMs;
    return { pauseMs };
  }

  /** Call this when the bot can be heard again. */
  recovered(): void {
    this.#dead = false;
    this.#tries = 0;
  }
}
