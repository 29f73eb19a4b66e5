// Counts how many bytes each person had said within the last minute. `budget.ts` compares that with the cap for a
// person, so that nobody fills the channel or spends the guild's money alone.

const MINUTE_MS = 60_000;

/** Whoever was silent for a minute is forgotten. */
export class Minutes {
  /** Whoever spoke last is at the end, and within a person's list what they said last. */
  readonly #people = new Map<string, { readonly at: number; readonly bytes: number }[]>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  total(person: string): number {
    return this.#recent(person).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  add(person: string, bytes: number): void {
    const said = [...this.#recent(person), { at: this.#now(), bytes }];
    this.#people.delete(person);
    this.#people.set(person, said);
    for (const silent of this.#people.keys()) {
      if (this.#recent(silent).length > 0) break;
      this.#people.delete(silent);
    }
  }

  #recent(person: string) {
    const since = this.#now() - MINUTE_MS;
    return (this.#people.get(person) ?? []).filter(({ at }) => at > since);
  }
}
