// Knows whom people in the voice channel heard last, and whether all of them did: then the same person's next line need
// not say again who speaks. `sound.ts` decides whether a line says it.

/** After this many milliseconds of silence nobody remembers whose voice it was. */
const FORGOTTEN_AFTER_MS = 120_000;

export class LastSpeaker {
  #speakerId: string | null = null;
  #heardAt = 0;
  /** When somebody last came who has not heard what was said before. */
  #newcomerAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The id of the person heard last; null if somebody may not know who it was. */
  get known(): string | null {
    return this.#now() - this.#heardAt < FORGOTTEN_AFTER_MS ? this.#speakerId : null;
  }

  /** Whether all listeners were there already at that time (`performance.now()`). */
  allHereSince(at: number): boolean {
    return at > this.#newcomerAt;
  }

  /** Notes whose line has been heard; null if too little of it was heard to know who spoke. */
  heard(speakerId: string | null): void {
    this.#speakerId = speakerId;
    this.#heardAt = this.#now();
  }

  /** Notes that somebody has come who was not there before. */
  newcomer(): void {
    this.#newcomerAt = this.#now();
    this.#speakerId = null;
  }
}
