import { FLUSH, letGo, type Piece, type Words } from '../fish/pieces.ts';
import type { Tap } from './tap.ts';

// Divides words that are still being written, such as an answer of the language model, into stretches; each is said in
// a session of its own with Fish Audio. So no session stays open while nobody would hear it (`tap.ts` knows that).

const SHUT: unique symbol = Symbol('shut');

/**
 * When the tap is shut, the stretch ends at the end of the sentence, and nothing more is sent. Words that are complete
 * already are one stretch.
 */
export class Stretches {
  readonly #words: Words;
  readonly #tap: Tap | undefined;
  /** The number of the piece with which the present stretch begins. */
  #from = 0;
  /** The number of the piece with which the next stretch begins; null if none is known to follow. */
  #next: number | null = null;
  /** How many pieces of the present stretch have been read. */
  #read = 0;

  /** It has to be possible to read `words` several times, with the same result. */
  constructor(words: Words, tap: Tap | undefined) {
    this.#words = words;
    this.#tap = tap;
  }

  /** Whether the present stretch has no words, because all words were in the stretches before it. */
  get isEmpty(): boolean {
    return this.#from > 0 && this.#read === 0;
  }

  /** Returns the words of the present stretch, from its beginning. */
  read(): Words {
    const tap = this.#tap;
    this.#next = null;
    if (typeof this.#words === 'string' || !tap) return this.#words;
    return this.#stretch(this.#words, tap);
  }

  /** Goes on to the next stretch; returns false if there is none. */
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
      // This is not awaited, because the source may end only when more has been written.
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
