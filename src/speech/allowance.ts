import { FLUSH, type Piece, type Words } from '../fish/pieces.ts';
import { spokenSeconds } from '../text/length.ts';

/** What a text takes to say is an estimate for a calm voice: so many times as long is no speech of it any more, */
const MOST_FACTOR = 4;
/** and so much longer, whatever the text. */
const MOST_MORE_SECONDS = 5;
const PACKETS_PER_SECOND = 50;

/** How much sound the words of one session with Fish Audio may have: what is longer is no speech of them. */
export class Allowance {
  readonly #speed: number;
  #seconds = 0;

  /** `speed`: how many times as fast as usual the words are said. */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Packets of 20 ms, for the words that were read until now. */
  get packets(): number {
    return (MOST_MORE_SECONDS + (MOST_FACTOR * this.#seconds) / this.#speed) * PACKETS_PER_SECOND;
  }

  /** The same words, counted as they are read. */
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
