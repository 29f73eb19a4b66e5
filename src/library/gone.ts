const MARKED_MS = 60 * 60_000;
const MAX_MARKED = 10_000;

/** The ids that Fish Audio turned out not to know, each for an hour: it may be one that comes back. */
export class GoneVoices {
  readonly #until = new Map<string, number>();
  readonly #uptime: () => number;

  /** `uptime`: milliseconds of a clock that nobody sets. */
  constructor(uptime: () => number = () => performance.now()) {
    this.#uptime = uptime;
  }

  has(id: string): boolean {
    return (this.#until.get(id) ?? 0) > this.#uptime();
  }

  add(id: string): void {
    const now = this.#uptime();
    for (const [marked, until] of this.#until) if (until <= now) this.#until.delete(marked);
    const [oldest] = this.#until.keys();
    if (this.#until.size >= MAX_MARKED && oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(id, now + MARKED_MS);
  }
}
