import type { Remedy } from './remedy.ts';
import { CALL_TIMINGS } from './timings.ts';

/** So often a new path is looked for, two minutes apart, before the bot leaves. */
const TRIES = 5;

/** How often a link may look for a new way for its datagrams, once the old one was found dead. */
export class DeadPaths {
  /** When a dead path was left for a new one last, by `performance.now()`. */
  #leftAt = Number.NEGATIVE_INFINITY;
  #dead = false;
  #tries = 0;

  /** The path was found dead, and nothing has been heard since. */
  get isDead(): boolean {
    return this.#dead;
  }

  /** How often a new path was looked for in vain. */
  get tries(): number {
    return this.#tries;
  }

  /** The path was found dead: whether a new one may be looked for now. */
  mayLeave(): boolean {
    if (performance.now() - this.#leftAt < CALL_TIMINGS.deadPath) return false;
    this.#leftAt = performance.now();
    this.#dead = true;
    return true;
  }

  /** The new path is dead too: when to look for the next. */
  next(): Remedy {
    this.#tries += 1;
    if (this.#tries > TRIES) return { end: 'udp' };
    const pauseMs = Math.max(0, this.#leftAt + CALL_TIMINGS.deadPath - performance.now());
    this.#leftAt = performance.now() + pauseMs;
    return { pauseMs };
  }

  /** The bot can be heard again. */
  recovered(): void {
    this.#dead = false;
    this.#tries = 0;
  }
}
