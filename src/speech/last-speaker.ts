/** After so long a silence nobody remembers whose voice it was. */
const FORGOTTEN_AFTER_MS = 120_000;

/** Whom people heard last: as long as all who listen know, the same person need not be announced again. */
export class LastSpeaker {
  #userId: string | null = null;
  #heardAt = 0;
  /** When somebody came who has not heard what was said before. */
  #newcomerAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Null when somebody may not know. */
  get known(): string | null {
    return this.#now() - this.#heardAt < FORGOTTEN_AFTER_MS ? this.#userId : null;
  }

  /** Whether all who listen were there already at that time (`performance.now()`). */
  allHereSince(at: number): boolean {
    return at > this.#newcomerAt;
  }

  /** A line has been heard; null: not enough of it to know who spoke. */
  heard(userId: string | null): void {
    this.#userId = userId;
    this.#heardAt = this.#now();
  }

  /** Somebody listens from now on who was not there before. */
  newcomer(): void {
    this.#newcomerAt = this.#now();
    this.#userId = null;
  }
}
