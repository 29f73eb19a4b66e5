import { FLUSH, type Piece, type Words } from '../fish/pieces.ts';
import { spokenSeconds } from '../text/length.ts';

// Computes how much sound some words may have at most, so that sound without end from Fish Audio is noticed. How
// generous that is, is set here; `synthesis.ts` cuts the sound off.

/** The sound of a text may be so many times as long as our estimate for a calm voice, and `MOST_MORE_SECONDS` more. */
const MOST_FACTOR = 4;
/** So many seconds are allowed besides, whatever the text is. */
const MOST_MORE_SECONDS = 5;
const PACKETS_PER_SECOND = 50;

/** The allowance of the words of one session with Fish Audio. What is longer cannot be speech of these words. */
export class Allowance {
  readonly #speed: number;
  #seconds = 0;

  /** `speed` is how many times as fast as usual the words are said. */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** How many packets of 20 ms the words that were read until now may have. */
  get packets(): number {
    return (MOST_MORE_SECONDS + (MOST_FACTOR * this.#seconds) / this.#speed) * PACKETS_PER_SECOND;
  }

  /** Returns the same words, which are counted when they are read. */
  reading(words: Words): Words {
    if (typeof words !== 'string') return this.#counted(words);
    this.#seconds += spokenSeconds(words);
    return words;
  }

  async *#counted(words: Iterable<Piece> | AsyncIterable<Piece>): AsyncGenerator<Piece, void, undefined> {
    for await (const piece of words) {
      if (piece !== FLUSH) this.#seconds += spokenSeconds(piece);
      yield piece;
    }
  }
}
