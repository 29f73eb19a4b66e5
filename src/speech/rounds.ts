/**
 * Everybody in turn: in each round each speaker is heard once. A line belongs to the first round in which its
 * speaker has none, but to none that is over: nobody saves up turns by being silent.
 */
export class Rounds {
  /** The round that is being heard. */
  #current = 0;
  /** Who has been heard in it. */
  readonly #heard = new Set<string>();

  /** The round of a speaker's next line. `waiting`: that of their last line that waits, if any. */
  next(speaker: string, waiting: number | undefined): number {
    const afterHeard = this.#current + (this.#heard.has(speaker) ? 1 : 0);
    return waiting === undefined ? afterHeard : Math.max(afterHeard, waiting + 1);
  }

  /** A line of this round is being heard. */
  began(speaker: string, round: number): void {
    if (round > this.#current) {
      this.#current = round;
      this.#heard.clear();
    }
    this.#heard.add(speaker);
  }
}
