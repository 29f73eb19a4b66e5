const MINUTE_MS = 60_000;

/** What each person said within the last minute, in bytes; whoever was silent for a minute is forgotten. */
export class Minutes {
  /** Who spoke last is last, and so is what they said last. */
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
