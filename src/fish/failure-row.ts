import type { FishError, FishErrorKind } from './errors.ts';

/** These do not pass by themselves: somebody has to mend the key or the account. One of them is enough. */
const LASTING: ReadonlySet<FishErrorKind> = new Set(['unauthorized', 'payment', 'forbidden']);
/** In band, these may be due to the very words or the voice: however often a line is tried, it counts but once. */
const OF_WORDS: ReadonlySet<FishErrorKind> = new Set(['no-audio', 'rejected']);
/** So many failures of the passing kind, with nothing said between them, are an outage. */
const ENOUGH = 3;
/** Failures further apart than this are no row. */
const APART_MS = 10 * 60_000;

/** An attempt at Fish: when it began, by `performance.now()`, and what was to be said, by identity; null for none. */
export interface Tried {
  readonly beganAt: number;
  readonly words: unknown;
}

interface Row {
  count: number;
  readonly firstAt: number;
  lastAt: number;
  readonly words: Set<unknown>;
}

/** Failures in a row, with nothing said since the first: tells an outage from a bad moment, request or voice. */
export class FailureRow {
  /** Failures within less than this are one moment, ms. */
  readonly #failingMs: number;
  #row: Row | null = null;

  constructor(failingMs: number) {
    this.#failingMs = failingMs;
  }

  /** When the first of them happened, by `performance.now()`; null: there are none. */
  get since(): number | null {
    return this.#row?.firstAt ?? null;
  }

  /** Something was said. */
  end(): void {
    this.#row = null;
  }

  /** Something was said by an attempt that began then: what has failed since the row began may have passed. */
  spoken({ beganAt }: Pick<Tried, 'beganAt'>): void {
    if (this.#row && beganAt >= this.#row.firstAt) this.#row = null;
  }

  /** Notes a failure; returns whether it makes an outage. */
  failed(error: FishError, { beganAt, words }: Tried): boolean {
    if (!tellsOfFish(error)) return false;
    const now = performance.now();
    if (this.#row && now - this.#row.lastAt > APART_MS) this.#row = null;
    if (LASTING.has(error.kind)) {
      this.#row ??= { count: 1, firstAt: now, lastAt: now, words: new Set([words]) };
      return true;
    }
    const row = (this.#row ??= {
      count: 0,
      firstAt: now,
      lastAt: Number.NEGATIVE_INFINITY,
      words: new Set(),
    });
    // What was under way when the one before it failed is the same event.
    if (beganAt < row.lastAt || (OF_WORDS.has(error.kind) && row.words.has(words))) return false;
    row.count += 1;
    row.lastAt = now;
    row.words.add(words);
    return row.count >= ENOUGH && now - row.firstAt >= this.#failingMs;
  }
}

/** It says something about Fish or the account, and not of one request or one voice alone. */
export function tellsOfFish(error: FishError): boolean {
  if (error.notAsked || error.unknownVoice) return false;
  if (error.phase === 'connect' || LASTING.has(error.kind)) return true;
  return error.kind !== 'request' && error.kind !== 'not-found' && error.retryable;
}
