import { FishError } from './errors.ts';

/** Among pieces of text: speak what was sent so far, now. At the end of a sentence, never inside one. */
export const FLUSH: unique symbol = Symbol('flush');
export type Piece = string | typeof FLUSH;
/** What is to be said: whole, or in pieces as they come to be. Pieces are joined as they are. */
export type Words = string | Iterable<Piece> | AsyncIterable<Piece>;

/**
 * Reads words piece by piece, as text that is well-formed Unicode (a pair of surrogates may come in two pieces)
 * and never empty. Ends when `signal` says so, even while the source is silent, and lets the source go.
 *
 * @throws what the source throws, or the signal's reason
 */
export async function* readPieces(words: Words, signal: AbortSignal): AsyncGenerator<Piece, void, undefined> {
  if (typeof words === 'string') {
    yield words.toWellFormed();
    return;
  }
  const source = Symbol.asyncIterator in words ? words[Symbol.asyncIterator]() : words[Symbol.iterator]();
  let drained = false;
  let half = '';
  try {
    for (;;) {
      const step = await unlessAborted(source.next(), signal);
      if (step.done) break;
      const piece: unknown = step.value;
      if (piece === FLUSH) {
        yield FLUSH;
        continue;
      }
      if (typeof piece !== 'string') throw new FishError('request', 'a piece of text is not text');
      const joined = half + piece;
      half = /[\uD800-\uDBFF]$/.exec(joined)?.[0] ?? '';
      const text = joined.slice(0, joined.length - half.length).toWellFormed();
      if (text !== '') yield text;
    }
    drained = true;
    if (half !== '') yield half.toWellFormed();
  } finally {
    if (!drained) letGo(source);
  }
}

/** Ends a source. Not awaited: a generator parked in an await of its own answers `return()` only when that is over. */
export function letGo(source: AsyncIterator<Piece> | Iterator<Piece>): void {
  const gone = async () => {
    await source.return?.();
  };
  gone().catch(() => {
    // The session is over, and has its reason; what the source says to its own end changes nothing.
  });
}

async function unlessAborted<T>(value: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Has something to see: not only spaces, controls, and marks that show nothing. */
export function isVisible(text: string): boolean {
  return /[^\s\p{C}\p{Z}\p{M}\u115F\u1160\u3164\uFFA0\u2800]/u.test(text);
}
