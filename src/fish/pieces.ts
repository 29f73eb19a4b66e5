import { unlessAborted } from '../unless-aborted.ts';
import { FishError } from './errors.ts';

// The words of an utterance as they go to Fish Audio: pieces of text, and between them `FLUSH` where Fish shall speak
// at once. They are read here from any source, also from one that is still writing.

/**
 * Stands among pieces of text, and asks Fish to speak at once what was sent so far. It may stand at the end of a
 * sentence, and never inside one.
 */
export const FLUSH: unique symbol = Symbol('flush');
export type Piece = string | typeof FLUSH;
/**
 * What is to be said: a whole text, or its pieces as they are made. Nothing is put between the pieces, so they must
 * hold the spaces.
 */
export type Words = string | Iterable<Piece> | AsyncIterable<Piece>;

/**
 * Reads words piece by piece. Each text that it yields is well-formed Unicode (the halves of a surrogate pair may come
 * in two pieces) and not empty. It ends at once when `signal` is aborted, also while it waits for the source, and then
 * ends the source.
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

/** Ends a source, without waiting for it: a generator that awaits something answers `return()` only after that. */
export function letGo(source: AsyncIterator<Piece> | Iterator<Piece>): void {
  const gone = async () => {
    await source.return?.();
  };
  gone().catch(() => {
    // The session is over and has its outcome already; if the source cannot end well, that changes nothing.
  });
}

/** Whether the text shows anything, which spaces, control characters and combining marks alone do not. */
export function isVisible(text: string): boolean {
  return /[^\s\p{C}\p{Z}\p{M}\u115F\u1160\u3164\uFFA0\u2800]/u.test(text);
}

/** Whether the text has a letter or a digit. For spaces or dots alone Fish may send no audio. */
export function isAudible(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
