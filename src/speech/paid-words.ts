import { FLUSH, type Piece } from '../fish/pieces.ts';
import { Unsaid } from './reasons.ts';

// Pays piece by piece for words that are still being written, such as an answer of the language model, and ends them
// with "and so on" at a cap. `payment.ts` makes them, and pays for words that are written already.

interface PaidWordsOptions {
  readonly words: AsyncIterable<Piece>;
  /** Puts the speaker's name before the first words. */
  readonly opening: (text: string) => string;
  /** Is said at a cap in place of the words that may not be said. It must be paid for already. */
  readonly ending: string;
  /** How many UTF-8 bytes may be said. */
  readonly maxBytes: number;
  /** Pays for bytes before they are sent. Throws, or rejects with, Unsaid if they would pass a cap. */
  readonly pay: (bytes: number) => Promise<void> | undefined;
  /** Called if a cap of the guild or the person was reached, so that the words are not said to their end. */
  readonly onCapped: (why: Unsaid) => void;
}

/**
 * They are paid for as they come, because nobody knows before how many there will be. If not even the first piece can
 * be paid, reading them throws Unsaid. They can be read several times, and are paid for only once.
 */
export class PaidWords implements AsyncIterable<Piece> {
  readonly #options: PaidWordsOptions;
  /** How many pieces have been paid for. */
  #paid = 0;
  /** How many bytes these pieces have. */
  #bytes = 0;
  #capped = false;
  /** The payment that is under way, of the first piece that has not been paid for. */
  #paying: Promise<boolean> | undefined;

  constructor(options: PaidWordsOptions) {
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece, void, undefined> {
    const { words, opening, ending } = this.#options;
    let number = 0;
    for await (const piece of words) {
      const said = number === 0 && piece !== FLUSH ? opening(piece) : piece;
      if (number >= this.#paid && !(await this.#payOnce(said))) {
        yield ` ${ending}`;
        return;
      }
      number += 1;
      yield said;
    }
  }

  /**
   * Pays for the first piece that has not been paid for. Two readers may come to it at once: one that was let go still
   * waits for its next piece, as does the one that came after it.
   */
  async #payOnce(piece: Piece): Promise<boolean> {
    this.#paying ??= this.#pay(piece).finally(() => {
      this.#paying = undefined;
    });
    return await this.#paying;
  }

  async #pay(piece: Piece): Promise<boolean> {
    if (this.#capped) return false;
    const bytes = piece === FLUSH ? 0 : Buffer.byteLength(piece);
    try {
      this.#capped = this.#paid > 0 && this.#bytes + bytes > this.#options.maxBytes;
      if (this.#capped) return false;
      if (bytes > 0) await this.#options.pay(bytes);
    } catch (error) {
      if (!(error instanceof Unsaid) || this.#paid === 0) throw error;
      this.#capped = true;
      this.#options.onCapped(error);
      return false;
    }
    this.#paid += 1;
    this.#bytes += bytes;
    return true;
  }
}
