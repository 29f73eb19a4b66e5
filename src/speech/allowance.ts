import type { SessionWords } from '../fish/one-stream.ts';
import { FLUSH, isAudible, type Piece, type Words } from '../fish/pieces.ts';
import { spokenSeconds } from '../text/length.ts';

// Computes how much sound some words may have at most and at least, so that sound without end from Fish Audio is
// noticed, and sound that lacks its end. How generous that is, is set here; `synthesis.ts` acts on it.

/**
 * The sound of a text may be this many times as long as our estimate for a calm voice, and `MOST_MORE_SECONDS` more.
 */
const MOST_FACTOR = 4;
/** How many seconds are allowed besides, whatever the text is. */
const MOST_MORE_SECONDS = 5;
/** No voice is so hasty that the sound of a text is a smaller share of our estimate. */
const LEAST_FACTOR = 0.6;
const PACKETS_PER_SECOND = 50;

/** The allowance of the words of one session with Fish Audio. What is longer cannot be speech of these words. */
export class Allowance {
  readonly #speed: number;
  #seconds = 0;
  #characters = 0;
  #flushes = 0;
  /** Whether there were words after the last flush; the session flushes them at its end. */
  #unflushed = false;
  #isRead = false;

  /** `speed` is how many times as fast as usual the words are said. */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** How many packets of 20 ms the words that were read until now may have. */
  get packets(): number {
    return (MOST_MORE_SECONDS + (MOST_FACTOR * this.#seconds) / this.#speed) * PACKETS_PER_SECOND;
  }

  /** How many packets of 20 ms the words that were read until now have at least. */
  get leastPackets(): number {
    return ((LEAST_FACTOR * this.#seconds) / this.#speed) * PACKETS_PER_SECOND;
  }

  /** Whether all words were read, so that Fish has been told that no more come. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** What Fish was asked to say until now. */
  get asked(): SessionWords {
    return { characters: this.#characters, flushes: this.#flushes + Number(this.#unflushed) };
  }

  /** Returns the same words, which are counted when they are read. */
  reading(words: Words): Words {
    if (typeof words !== 'string') return this.#counted(words);
    this.#count(words);
    this.#isRead = true;
    return words;
  }

  async *#counted(words: Iterable<Piece> | AsyncIterable<Piece>): AsyncGenerator<Piece, void, undefined> {
    for await (const piece of words) {
      this.#count(piece);
      yield piece;
    }
    this.#isRead = true;
  }

  #count(piece: Piece): void {
    if (piece === FLUSH) {
      this.#flushes += Number(this.#unflushed);
      this.#unflushed = false;
      return;
    }
    this.#seconds += spokenSeconds(piece);
    this.#characters += piece.length;
    this.#unflushed ||= isAudible(piece);
  }
}
