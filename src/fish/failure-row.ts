import type { FishError, FishErrorKind } from './errors.ts';
import type { FishTimings } from './timings.ts';

// Counts failures at Fish Audio in a row, with nothing said between them, and so tells an outage from a bad moment, a
// bad request or a bad voice. How many failures are an outage is decided here; `circuit.ts` acts on it.

/** Failures that somebody has to mend, at the key or at the account. One of them is enough for an outage. */
const LASTING: ReadonlySet<FishErrorKind> = new Set(['unauthorized', 'payment', 'forbidden']);
/** Failures that may be caused by the words or by the voice. However often the same words fail so, they count once. */
const OF_WORDS: ReadonlySet<FishErrorKind> = new Set(['no-audio', 'rejected']);
/** How many failures that can pass by themselves are an outage, if Fish has said nothing between them. */
const ENOUGH = 3;
/** A failure that comes this many milliseconds after the last one begins a new row. */
const APART_MS = 10 * 60_000;

/** One attempt to reach Fish. */
export interface Tried {
  /** `performance.now()`. */
  readonly beganAt: number;
  /** What was to be said, compared by identity; null where only a socket was to be opened. */
  readonly words: unknown;
}

interface Row {
  count: number;
  readonly firstAt: number;
  lastAt: number;
  readonly words: Set<unknown>;
}

export class FailureRow {
  readonly #timings: Pick<FishTimings, 'failingMs' | 'heldUpMs'>;
  #row: Row | null = null;

  constructor(timings: Pick<FishTimings, 'failingMs' | 'heldUpMs'>) {
    this.#timings = timings;
  }

  /** When the first failure of the row happened (`performance.now()`); null when there is no row. */
  get since(): number | null {
    return this.#row?.firstAt ?? null;
  }

  /** Ends the row. */
  end(): void {
    this.#row = null;
  }

  /** An attempt has been spoken. It ends the row only if it began after the row did. */
  spoken({ beganAt }: Pick<Tried, 'beganAt'>): void {
    if (this.#row && beganAt >= this.#row.firstAt) this.#row = null;
  }

  /** Notes a failure, and returns whether the row is an outage now. */
  failed(error: FishError, { beganAt, words }: Tried): boolean {
    if (!tellsOfFish(error)) return false;
    const now = performance.now();
    if (this.#row && now - this.#row.lastAt > APART_MS) this.#row = null;
    if (LASTING.has(error.kind) || this.#isLongPause(error, words)) {
      this.#row ??= { count: 1, firstAt: now, lastAt: now, words: new Set([words]) };
      return true;
    }
    const row = (this.#row ??= {
      count: 0,
      firstAt: now,
      lastAt: Number.NEGATIVE_INFINITY,
      words: new Set(),
    });
    // An attempt that was under way when the last one failed has failed by the same event, so it does not count.
    if (beganAt < row.lastAt || (OF_WORDS.has(error.kind) && row.words.has(words))) return false;
    row.count += 1;
    row.lastAt = now;
    row.words.add(words);
    return row.count >= ENOUGH && now - row.firstAt >= this.#timings.failingMs;
  }

  /** Whether words could not be said because Fish has asked for a long pause, in which it is of no use to try again. */
  #isLongPause({ kind, retryAfterMs = 0 }: FishError, words: unknown): boolean {
    return words !== null && kind === 'rate-limit' && retryAfterMs > this.#timings.heldUpMs;
  }
}

/** Whether the failure says something about Fish or the account, and not only about one request or one voice. */
export function tellsOfFish(error: FishError): boolean {
  if (error.notAsked || error.unknownVoice) return false;
  if (error.phase === 'connect' || LASTING.has(error.kind)) return true;
  return error.kind !== 'request' && error.kind !== 'not-found' && error.retryable;
}
