/** So many keys are remembered; the oldest are forgotten first. */
const MAX_KEYS = 10_000;

/**
 * What people have been told, so that they are told once and not for each time that it happens: again only when it has
 * not happened for a while. A key says of what and whom it is: "server, person, reason".
 */
export class ToldOnce {
  readonly #quietMs: number;
  readonly #now: () => number;
  /** When each happened last; the oldest first. */
  readonly #last = new Map<string, number>();

  /** `quietMs`: after so long without it, it is news again. */
  constructor({ quietMs, now = () => performance.now() }: { quietMs: number; now?: () => number }) {
    this.#quietMs = quietMs;
    this.#now = now;
  }

  /** It happens now. Whether people are to be told. */
  isNews(key: string): boolean {
    const now = this.#now();
    const last = this.#last.get(key);
    this.#last.delete(key); // so that it becomes the youngest
    this.#last.set(key, now);
    for (const [other, at] of this.#last) {
      if (at > now - this.#quietMs && this.#last.size <= MAX_KEYS) break;
      this.#last.delete(other);
    }
    return last === undefined || last <= now - this.#quietMs;
  }
}
