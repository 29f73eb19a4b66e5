/** Members of a group whose joining transition has been executed, and those who wait for one of them. */
export class Settled {
  readonly #userIds = new Set<string>();
  #waiters: (() => void)[] = [];

  has(userId: string): boolean {
    return this.#userIds.has(userId);
  }

  add(userId: string): void {
    this.#userIds.add(userId);
  }

  delete(userId: string): void {
    this.#userIds.delete(userId);
  }

  clear(): void {
    this.#userIds.clear();
  }

  /** Something changed: everyone who waits looks again. */
  wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  /** Resolves when `enough()` is true, which is asked at every wake, or after this many ms. */
  async until(enough: () => boolean, withinMs: number): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort();
      this.wake();
    }, withinMs);
    while (!late.signal.aborted && !enough()) await new Promise<void>(resolve => this.#waiters.push(resolve));
    clearTimeout(timer);
  }
}
