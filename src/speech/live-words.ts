import { FLUSH, type Piece } from '../fish/pieces.ts';

/**
 * Words that are still being written while they are said, such as the answer of a language model. They are kept, so
 * that they can be read from the beginning several times. A reader gets the words that there are, and waits for more.
 */
export class LiveWords implements AsyncIterable<Piece> {
  readonly #pieces: Piece[] = [];
  readonly #begin: () => void;
  #over = false;
  #error: Error | undefined;
  #more = Promise.withResolvers<void>();

  /** `begin` is called each time when somebody begins to read; the first call says that the words are needed. */
  constructor(begin: () => void) {
    this.#begin = begin;
  }

  /** Adds words. `ended` says that a sentence ends here, so that it can be said. */
  say(text: string, ended: boolean): void {
    if (this.#over) return;
    this.#pieces.push(this.#pieces.length > 0 ? ` ${text}` : text);
    if (ended) this.#pieces.push(FLUSH);
    this.#wake();
  }

  /** Says that there are no more words. If there were none at all, reading them throws `error`. */
  end(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#pieces.length === 0) this.#error = error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece, void, undefined> {
    this.#begin();
    for (let at = 0; ; at += 1) {
      while (at >= this.#pieces.length) {
        if (this.#error) throw this.#error;
        if (this.#over) return;
        await this.#more.promise;
      }
      const piece = this.#pieces[at];
      if (piece !== undefined) yield piece;
    }
  }

  #wake(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }
}
