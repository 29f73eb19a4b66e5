import { FLUSH, letGo, type Piece, type Words } from '../fish/pieces.ts';
import type { Tap } from './tap.ts';

const SHUT: unique symbol = Symbol('shut');

/**
 * Words that are still being written, in stretches: each is said in a session of its own with Fish Audio. A stretch
 * ends where a sentence does once the tap is shut, so that no session is held open, and nothing more is sent, while
 * nobody would hear it. Words that are there as a whole are one stretch.
 */
export class Stretches {
  readonly #words: Words;
  readonly #tap: Tap | undefined;
  /** The number of the piece with which the present stretch begins, and with which the next one does, if there is one. */
  #from = 0;
  #next: number | null = null;
  /** How many pieces of the present stretch were read. */
  #read = 0;

  /** The words can be read again and again, and are the same each time. */
  constructor(words: Words, tap: Tap | undefined) {
    this.#words = words;
    this.#tap = tap;
  }

  /** The present stretch is not the first, and nothing of it has come: there were no more words. */
  get isEmpty(): boolean {
    return this.#from > 0 && this.#read === 0;
  }

  /** The words of the present stretch, from its beginning. */
  read(): Words {
    const tap = this.#tap;
    this.#next = null;
    if (typeof this.#words === 'string' || !tap) return this.#words;
    return this.#stretch(this.#words, tap);
  }

  /** Goes on to the next stretch; false: there is none. */
  advance(): boolean {
    if (this.#next === null) return false;
    this.#from = this.#next;
    this.#next = null;
    this.#read = 0;
    return true;
  }

  async *#stretch(words: Exclude<Words, string>, tap: Tap): AsyncGenerator<Piece, void, undefined> {
    const source = Symbol.asyncIterator in words ? words[Symbol.asyncIterator]() : words[Symbol.iterator]();
    let sentenceEnds = false;
    try {
      for (let number = 0; ; number += 1) {
        const taken: IteratorResult<Piece> | typeof SHUT = sentenceEnds
          ? await unlessShut(() => source.next(), tap)
          : await source.next();
        if (taken === SHUT) {
          this.#next = number;
          return;
        }
        if (taken.done) return;
        if (number < this.#from) continue;
        this.#read = Math.max(this.#read, number + 1 - this.#from);
        sentenceEnds = taken.value === FLUSH;
        yield taken.value;
      }
    } finally {
      // Not awaited: it may be parked until more is written.
      letGo(source);
    }
  }
}

async function unlessShut<T>(take: () => T | PromiseLike<T>, tap: Tap): Promise<T | typeof SHUT> {
  if (!tap.open) return SHUT;
  const { promise: shut, resolve } = Promise.withResolvers<typeof SHUT>();
  using _ = tap.onShut(() => resolve(SHUT));
  return await Promise.race([take(), shut]);
}
