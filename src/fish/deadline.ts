import type { Logger } from '../log.ts';
import { insist, later } from '../walls.ts';

/**
 * A timer that does not blame the peer for our own lateness: after a blocked event loop timers fire before the
 * sockets are read, so an expired deadline lets one round of reading pass, in which it may still be cleared.
 */
export class Deadline {
  #timer: NodeJS.Timeout | undefined;
  #lastChance: NodeJS.Immediate | undefined;
  readonly #what: string;
  readonly #log: Logger;

  /** `what` names it in the log, should it fail. */
  constructor(what: string, log: Logger) {
    this.#what = what;
    this.#log = log;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Starts, or starts anew. */
  start(ms: number, onExpire: () => void): void {
    this.clear();
    this.#timer = later(this.#log, this.#what, ms, () => {
      this.#lastChance = setImmediate(() => {
        this.clear();
        insist(this.#log, this.#what, onExpire);
      });
    });
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#lastChance);
    this.#timer = undefined;
    this.#lastChance = undefined;
  }
}
