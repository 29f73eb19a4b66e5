/** Something that a person did, which may make the bot speak. */
export interface Cause {
  /** `performance.now()`, ms. */
  readonly at: number;
  readonly who: string;
  /** As they typed it. */
  readonly what: string;
}

/** How many are kept: more wait for their turn to be spoken hardly ever. */
const KEPT = 100;
/** Where no word fits, such as for the preview of a voice, what was done at most so long before is the cause. */
const SHORTLY_MS = 5_000;
const WORD = /[\p{L}\p{N}]+/gu;

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(WORD));

/**
 * How much less likely a deed is the cause if it has caused something before. It still is where it alone has the very
 * words: after Fish Audio has hung up, they are said again.
 */
const USED = 0.2;

/**
 * Finds out which deed made the bot say something. It looks on from outside, and so it compares words: the deed whose
 * words are most like what is said, and of several the first that has caused nothing yet.
 */
export class Causes {
  readonly #deeds: { readonly cause: Cause; readonly words: ReadonlySet<string>; used: boolean }[] = [];

  /** `words`: what may be heard of it. */
  add(cause: Cause, words: string): void {
    this.#deeds.push({ cause, words: wordsOf(words), used: false });
    if (this.#deeds.length > KEPT) this.#deeds.shift();
  }

  /** Nothing that was done until now will be said any more. */
  forget(): void {
    this.#deeds.length = 0;
  }

  /** The cause of words that Fish Audio was asked to say at `at`; null where nobody seems to have caused them. */
  of(text: string, at: number): Cause | null {
    const said = wordsOf(text);
    const scored = this.#deeds
      .filter(({ cause }) => cause.at <= at)
      .map(deed => ({ deed, score: fit(deed.words, said) - (deed.used ? USED : 0) }));
    const best = scored.reduce<(typeof scored)[number] | null>(
      (best, one) => (one.score > 0 && one.score > (best?.score ?? 0) ? one : best),
      null,
    );
    const last = this.#deeds.findLast(({ cause, used }) => !used && cause.at <= at);
    const near = last && at - last.cause.at < SHORTLY_MS ? last : null;
    const found = best?.deed ?? near;
    if (found) found.used = true;
    return found?.cause ?? null;
  }
}

/** How much of both is in the other, 0 to 1 (the coefficient of Dice). */
function fit(words: ReadonlySet<string>, said: ReadonlySet<string>): number {
  const common = [...words].filter(word => said.has(word)).length;
  return common === 0 ? 0 : (2 * common) / (words.size + said.size);
}
