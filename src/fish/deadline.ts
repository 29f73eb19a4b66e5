/**
 * A timer that does not blame the peer for our own lateness: after a blocked event loop timers fire before the
 * sockets are read, so an expired deadline lets one round of reading pass, in which it may still be cleared.
 */
export class Deadline {
  #timer: NodeJS.Timeout | undefined;
  #lastChance: NodeJS.Immediate | undefined;

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Starts, or starts anew. */
  start(ms: number, onExpire: () => void): void {
    this.clear();
    this.#timer = setTimeout(() => {
      this.#lastChance = setImmediate(() => {
        this.clear();
        onExpire();
      });
    }, ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#lastChance);
    this.#timer = undefined;
    this.#lastChance = undefined;
  }
}
