import { FLUSH, type Piece } from '../fish/pieces.ts';
import { Unsaid } from './reasons.ts';

interface PaidWordsOptions {
  readonly words: AsyncIterable<Piece>;
  /** Makes of the first words those that are said: with the speaker's name before them. */
  readonly opening: (text: string) => string;
  /** Said instead of what may not be said any more; it is paid for already. */
  readonly ending: string;
  /** The most that may be said, in UTF-8 bytes. */
  readonly maxBytes: number;
  /** So many bytes are to be sent. Throws Unsaid when they would pass a cap. */
  readonly pay: (bytes: number) => void;
  /** It could not be said to its end. */
  readonly onCapped: (why: Unsaid) => void;
}

/**
 * Words that are paid for sentence by sentence, as they come: how long they become nobody knows before. At a cap they
 * end politely, or throw its Unsaid when it was there before the first. Read once more they are the same, and paid.
 */
export class PaidWords implements AsyncIterable<Piece> {
  readonly #options: PaidWordsOptions;
  /** How many pieces are paid, and their bytes. */
  #paid = 0;
  #bytes = 0;
  #capped = false;

  constructor(options: PaidWordsOptions) {
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece, void, undefined> {
    const { words, opening, ending } = this.#options;
    let number = 0;
    for await (const piece of words) {
      const said = number === 0 && piece !== FLUSH ? opening(piece) : piece;
      if (number >= this.#paid && !this.#pay(said)) {
        yield ` ${ending}`;
        return;
      }
      number += 1;
      yield said;
    }
  }

  #pay(piece: Piece): boolean {
    if (this.#capped) return false;
    const bytes = piece === FLUSH ? 0 : Buffer.byteLength(piece);
    try {
      this.#capped = this.#paid > 0 && this.#bytes + bytes > this.#options.maxBytes;
      if (this.#capped) return false;
      if (bytes > 0) this.#options.pay(bytes);
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
