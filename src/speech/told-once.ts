// Remembers what people have been told, so that they are told once, and not each time when it happens. Whoever has
// something to tell asks here first, such as `drop-notices.ts` and `budget.ts`.

/** How many keys are remembered; the oldest are forgotten first. */
const MAX_KEYS = 10_000;

/**
 * What has not happened for a while is told again. A key names what is told and to whom, such as "guild, person,
 * reason".
 */
export class ToldOnce {
  readonly #quietMs: number;
  readonly #now: () => number;
  /** For each key: when it happened last. The oldest is first. */
  readonly #last = new Map<string, number>();

  /** If something has not happened for `quietMs`, it is news again. */
  constructor({ quietMs, now = () => performance.now() }: { quietMs: number; now?: () => number }) {
    this.#quietMs = quietMs;
    this.#now = now;
  }

  /** Notes that something happens now, and returns whether people are to be told. */
  isNews(key: string): boolean {
    const now = this.#now();
    const last = this.#last.get(key);
    this.#last.delete(key); // so that `set` puts it at the end
    this.#last.set(key, now);
    for (const [other, at] of this.#last) {
      if (at > now - this.#quietMs && this.#last.size <= MAX_KEYS) break;
      this.#last.delete(other);
    }
    return last === undefined || last <= now - this.#quietMs;
  }
}
