import { setTimeout as sleep } from 'node:timers/promises';
import { FLUSH, type Piece } from '../fish/pieces.ts';
import type { Language } from '../text/language.ts';
import { type Cut, SentenceCutter } from '../text/sentences.ts';

// `npm run say` can say a text that another program is still writing to it. This file gives Fish Audio each sentence as
// soon as it is whole. `src/text/sentences.ts` knows where a sentence ends.

/** When nothing comes for this many milliseconds, what looks like a whole sentence is said. */
const QUIET_MS = 300;

/**
 * Cuts a text that is still being written into sentences, and yields each as pieces for Fish Audio once it is whole.
 */
export async function* sentencePieces(
  written: AsyncIterable<string>,
  language: Language,
): AsyncGenerator<Piece> {
  const cutter = new SentenceCutter(language);
  let begun = false;
  function* said(cuts: readonly Cut[]): Generator<Piece> {
    for (const { text, ended } of cuts) {
      if (!/[\p{L}\p{N}]/u.test(text)) continue; // it has nothing to say, such as what is left of a block of code
      yield begun ? ` ${text}` : text;
      if (ended) yield FLUSH;
      begun = true;
    }
  }
  for await (const chunk of withPauses(written))
    yield* said(chunk === null ? cutter.settle() : cutter.push(chunk));
  yield* said(cutter.end());
}

/** Yields the chunks, and null when none has come for a while. */
async function* withPauses(chunks: AsyncIterable<string>): AsyncGenerator<string | null> {
  const source = chunks[Symbol.asyncIterator]();
  for (;;) {
    const next = source.next();
    const waited = new AbortController();
    const quiet = sleep(QUIET_MS, null, { signal: waited.signal }).catch(() => null);
    if ((await Promise.race([next, quiet])) === null) yield null;
    const { done, value } = await next;
    waited.abort();
    if (done) return;
    yield value;
  }
}
