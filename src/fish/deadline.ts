import type { Logger } from '../log.ts';
import { insist, later } from '../walls.ts';

/**
 * A timer that does not blame the other side for our own delay. When the event loop was blocked, Node runs timers
 * before it reads the sockets. So an expired deadline first lets the sockets be read once; if what was awaited has
 * arrived meanwhile, the deadline is cleared and nothing happens.
 */
export class Deadline {
  #timer: NodeJS.Timeout | undefined;
  #lastChance: NodeJS.Immediate | undefined;
  readonly #what: string;
  readonly #log: Logger;

  /** `what` is the name of this deadline in the log, for the case that its handler throws. */
  constructor(what: string, log: Logger) {
    this.#what = what;
    this.#log = log;
  }

  /** Starts the deadline; where it was running already, its time begins again. */
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
