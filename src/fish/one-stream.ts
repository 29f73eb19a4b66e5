// Learns whether Fish Audio says all of a session in one Ogg stream, and so whether the end of a stream is the end of
// what was to be said. `src/speech/synthesis.ts` asks here when a session broke off at the end of a stream.

/**
 * How many characters we ask Fish to gather before it speaks unasked. Fish's default of 300 is no better: the
 * first sound would come later, and in a larger burst.
 */
export const CHUNK_LENGTH = 200;

/** What one session was asked to say. */
export interface SessionWords {
  /** UTF-16 units. */
  readonly characters: number;
  /** How many times Fish is asked to speak: once for each `flush` with words before it. */
  readonly flushes: number;
}

/** What Fish has no reason to divide. */
const UNDIVIDED: SessionWords = { characters: CHUNK_LENGTH - 1, flushes: 1 };

/**
 * Fish documents neither whether a `flush` or a chunk of a long text (`chunk_length`) begins another Ogg stream. So the
 * end of the first stream counts as the end of the speech only where Fish has no reason to divide it, or where this
 * process has seen that Fish said no less in one stream.
 */
export class OneStream {
  /** The most that is known to be said in one stream. */
  #most = UNDIVIDED;
  #divides = false;

  /** Notes in how many streams Fish has said a text, of which `whole` says whether Fish has finished it well. */
  seen({ characters, flushes }: SessionWords, { streams, whole }: { streams: number; whole: boolean }): void {
    if (streams > 1) {
      this.#divides = true;
      this.#most = UNDIVIDED;
    }
    if (!whole || this.#divides) return;
    const most = this.#most;
    this.#most = {
      characters: Math.max(most.characters, characters),
      flushes: Math.max(most.flushes, flushes),
    };
  }

  /** Whether Fish says this in one stream, as far as is known; where that is not known, the answer is no. */
  expectedFor({ characters, flushes }: SessionWords): boolean {
    return characters <= this.#most.characters && flushes <= this.#most.flushes;
  }
}
