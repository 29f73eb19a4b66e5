import { holdsBlockedWord } from '../../text/blocked-words.ts';
import type { Speakable } from '../../text/speakable.ts';

// Leaves out of what is said of an answer what holds a blocked word. A long sentence is said in several parts, and so a
// blocked phrase may begin in one part and end in the next.

export interface SaidSentencesOptions {
  readonly blockedWords: readonly string[];
  /** Makes speakable text of a sentence, or of a part of one. */
  readonly speakable: (sentence: string) => Pick<Speakable, 'text' | 'blocked'>;
}

/** A part of an answer and the part that was said before it, with and without the space that may have been between. */
const joined = (before: string, part: string) => `${before} ${part}\n${before}${part}`;

/** The sentences of one answer, in their order. */
export class SaidSentences {
  readonly #options: SaidSentencesOptions;
  /** The part that was said last, as it was written and as it was said. */
  #before = { written: '', said: '' };

  constructor(options: SaidSentencesOptions) {
    this.#options = options;
  }

  /**
   * Returns the words that are said for the next sentence, or for a part of it: an empty text when nothing of it can be
   * said, null when a blocked word would be said by it, or by it and the part before it.
   */
  next(written: string): string | null {
    const { blockedWords, speakable } = this.#options;
    const { text: said, blocked } = speakable(written);
    const isBlocked = (before: string, part: string) => holdsBlockedWord(joined(before, part), blockedWords);
    if (blocked || isBlocked(this.#before.written, written) || isBlocked(this.#before.said, said)) {
      this.#before = { written: '', said: '' };
      return null;
    }
    if (said !== '') this.#before = { written, said };
    return said;
  }
}
