import type { FishError } from './errors.ts';

export interface PausesOptions {
  /** After a refusal that does not pass by itself nobody dials for so long, ms. */
  refusedMs: number;
  /** Milliseconds of a clock that nobody sets. */
  now?: () => number;
  /** From 0 to 1. */
  random?: () => number;
}

/** After the first failure in a row, the second … the last is for all that follow. */
const PAUSES_MS = [100, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];
/** Somebody who waits for a socket is not kept longer than this between two attempts. */
const MOST_URGENT_MS = 4_000;
/** The same when Fish has too much to do, and did not say how long; and the longest that is believed. */
const BUSY_MS = [1_000, 2_000, 4_000, 8_000];
const MOST_RETRY_AFTER_MS = 600_000;
/** A socket that was open for so long shows that all was well until it closed. */
const LONG_OPEN_MS = 10_000;

/**
 * The one policy of pauses between attempts to open a socket, whoever needs it. They grow while one after another
 * fails, and end only with a sign that Fish speaks: a socket that opens and dies before it has said anything is a
 * failure too. After a failure one attempt at a time finds out how it is.
 */
export class Pauses {
  readonly #options: PausesOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  #failures = 0;
  #failedAt = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;
  /** Holds for those who wait as well: Fish has said so, or the failure does not pass by itself. */
  #strict = false;
  #refusal: FishError | undefined;
  #oneAtATime = false;

  constructor(options: PausesOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
  }

  /** How many attempts may be under way together. */
  get atOnce(): number {
    return this.#oneAtATime ? 1 : Number.POSITIVE_INFINITY;
  }

  /** The failure that did not pass by itself, as long as nobody may dial after it: who asks is told this. */
  get refusal(): FishError | undefined {
    return this.waitMs(true) > 0 ? this.#refusal : undefined;
  }

  /** How long the next attempt has to wait. `urgent`: somebody waits for the socket. */
  waitMs(urgent: boolean): number {
    const pauseMs = urgent && !this.#strict ? Math.min(this.#pauseMs, MOST_URGENT_MS) : this.#pauseMs;
    return Math.max(0, this.#failedAt + pauseMs - this.#now());
  }

  /** An attempt that began at `beganAt` has failed. */
  failed(error: FishError, beganAt: number): void {
    const sameEvent = beganAt < this.#failedAt;
    if (!sameEvent) this.#failures += 1;
    this.#oneAtATime = true;
    this.#strict = !error.retryable || error.kind === 'rate-limit';
    this.#refusal = error.retryable ? undefined : error;
    if (!error.retryable) this.#pause(beganAt + this.#options.refusedMs - this.#now());
    else if (error.kind === 'rate-limit') this.#pause(this.#busyMs(error));
    else if (!sameEvent) this.#pause(this.#jittered(PAUSES_MS, this.#failures));
  }

  /** An attempt has gone well. That Fish speaks is not yet said. */
  opened(): void {
    this.#oneAtATime = false;
    this.#strict = false;
    this.#refusal = undefined;
    this.#pauseMs = 0;
  }

  /** A socket that had been open for `ageMs` ended before it had said anything. The first in a row costs no pause. */
  lost(ageMs: number): void {
    if (this.waitMs(false) > 0) return; // of the same event
    this.#failures = ageMs > LONG_OPEN_MS ? 1 : this.#failures + 1;
    this.#strict = false;
    this.#refusal = undefined;
    this.#pause(this.#failures === 1 ? 0 : this.#jittered(PAUSES_MS, this.#failures - 1));
  }

  /** Fish has said something. */
  proven(): void {
    this.#failures = 0;
  }

  #busyMs({ retryAfterMs }: FishError): number {
    if (retryAfterMs === undefined) return this.#jittered(BUSY_MS, this.#failures);
    return Math.min(retryAfterMs, MOST_RETRY_AFTER_MS) * (1 + this.#random() / 10);
  }

  /** Not less than half of it, so that many processes do not come back together. */
  #jittered(pauses: readonly number[], nth: number): number {
    const ms = pauses[Math.min(nth, pauses.length) - 1] ?? 0;
    return ms * (0.5 + this.#random() / 2);
  }

  #pause(ms: number): void {
    this.#failedAt = this.#now();
    this.#pauseMs = ms;
  }
}
