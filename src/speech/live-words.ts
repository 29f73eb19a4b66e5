import { FLUSH, type Piece } from '../fish/pieces.ts';

/**
 * Words that come to be while they are said. They are kept, so that they can be read from the first on again and
 * again: whoever reads them gets those there are, and waits for those to come.
 */
export class LiveWords implements AsyncIterable<Piece> {
  readonly #pieces: Piece[] = [];
  readonly #begin: () => void;
  #over = false;
  #error: Error | undefined;
  #more = Promise.withResolvers<void>();

  /** `begin` is called when they are about to be needed, at least once; from then on they may come. */
  constructor(begin: () => void) {
    this.#begin = begin;
  }

  /** `ended`: a sentence ends here, and can be said. */
  say(text: string, ended: boolean): void {
    if (this.#over) return;
    this.#pieces.push(this.#pieces.length > 0 ? ` ${text}` : text);
    if (ended) this.#pieces.push(FLUSH);
    this.#wake();
  }

  /** There are no more. Where there was none at all, whoever reads them gets `error`. */
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
