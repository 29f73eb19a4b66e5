import type { FishError } from './errors.ts';

// Decides how long to wait between attempts to open a socket to Fish Audio, whoever needs it: after failures, refusals,
// and sockets that died early. `dialler.ts` keeps the pauses.

export interface DialPausesOptions {
  /** For how many milliseconds nobody dials after a refusal that does not pass by itself. */
  refusedMs: number;
  /** How many milliseconds somebody waits at most until Fish has fewer sessions. */
  busyMs: number;
  /** Milliseconds of a clock that nobody sets; `performance.now()` if absent. */
  now?: () => number;
  /** Returns a number from 0 to 1; `Math.random` if absent. */
  random?: () => number;
}

/** The pause after the first failure in a row, after the second, and so on; the last one is for all that follow. */
const PAUSES_MS = [100, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];
/** Somebody who waits for a socket is not kept longer than this between two attempts. */
const MOST_URGENT_MS = 4_000;
/**
 * The pauses after one, two and more refusals in a row for too many sessions, where Fish did not say how long to wait.
 */
const BUSY_MS = [1_000, 2_000, 4_000, 8_000];
/** A `Retry-After` of Fish that is longer than this is cut to this. */
const MOST_RETRY_AFTER_MS = 600_000;
/** If a socket was open for longer than this, all was well until it closed, and earlier failures do not count. */
const LONG_OPEN_MS = 10_000;

/**
 * The pauses grow with each failure in a row, and the row ends only when Fish says something: a socket that opens and
 * dies before that is a failure too. After a failure only one attempt is made at a time, until one goes well.
 */
export class DialPauses {
  readonly #options: DialPausesOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  #failures = 0;
  #failedAt = Number.NEGATIVE_INFINITY;
  /** When the pause began after a socket was last lost, or a session refused. */
  #lostAt = Number.NEGATIVE_INFINITY;
  #pauseMs = 0;
  /** The pause is not shortened for those who wait: Fish has asked for it, or the failure does not pass by itself. */
  #strict = false;
  /** The failure to which the strict pause belongs. */
  #refusal: FishError | undefined;
  #oneAtATime = false;

  constructor(options: DialPausesOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
  }

  /** How many attempts may be under way together. */
  get atOnce(): number {
    return this.#oneAtATime ? 1 : Number.POSITIVE_INFINITY;
  }

  /**
   * Why it is of no use to wait now, which whoever asks is told: a failure that does not pass by itself, as long as
   * nobody may dial after it; or too many sessions, as long as Fish asks for a longer pause than anybody waits.
   */
  get refusal(): FishError | undefined {
    const patienceMs = this.#refusal?.retryable ? this.#options.busyMs : 0;
    return this.waitMs(true) > patienceMs ? this.#refusal : undefined;
  }

  /** Milliseconds until the next attempt may be made. `urgent` says that somebody waits for the socket. */
  waitMs(urgent: boolean): number {
    const pauseMs = urgent && !this.#strict ? Math.min(this.#pauseMs, MOST_URGENT_MS) : this.#pauseMs;
    return Math.max(0, this.#failedAt + pauseMs - this.#now());
  }

  /**
   * An attempt that began at `beganAt` has failed. If it was made `ahead` of need, whoever needs a socket later is not
   * told of a refusal that does not pass by itself, but asks Fish again after the usual pause.
   */
  failed(error: FishError, beganAt: number, { ahead = false } = {}): void {
    const sameEvent = beganAt < this.#failedAt;
    if (!sameEvent) this.#failures += 1;
    this.#oneAtATime = true;
    this.#strict = error.retryable ? error.kind === 'rate-limit' : !ahead;
    this.#refusal = this.#strict ? error : undefined;
    if (!error.retryable && !ahead) this.#pause(beganAt + this.#options.refusedMs - this.#now());
    else if (error.kind === 'rate-limit') this.#pause(this.#busyMs(error));
    else if (!sameEvent) this.#pause(this.#jittered(PAUSES_MS, this.#failures));
  }

  /**
   * A socket was opened by an attempt that began at `beganAt`. This ends the pause, unless since then a socket has been
   * lost or a session refused: that sockets can be opened says nothing of how long they live, or what Fish accepts by
   * them. The row of failures ends only when Fish speaks (`proven`).
   */
  opened(beganAt: number): void {
    this.#oneAtATime = false;
    if (beganAt < this.#lostAt) return;
    this.#strict = false;
    this.#refusal = undefined;
    this.#pauseMs = 0;
  }

  /**
   * A socket that had been open for `ageMs` ended before Fish said anything by it. The first in a row causes no pause.
   */
  lost(ageMs: number): void {
    if (this.waitMs(false) > 0) return; // this loss belongs to a failure that was counted already
    this.#failures = ageMs > LONG_OPEN_MS ? 1 : this.#failures + 1;
    this.#strict = false;
    this.#refusal = undefined;
    this.#lostAt = this.#now();
    this.#pause(this.#failures === 1 ? 0 : this.#jittered(PAUSES_MS, this.#failures - 1));
  }

  /** Fish has refused a session, sent at `sentAt` by an open socket, because there are too many. */
  refused(error: FishError, sentAt: number): void {
    this.failed(error, sentAt);
    this.#lostAt = this.#now();
  }

  /** Fish has said something other than that there are too many sessions, so the row of failures is over. */
  proven(): void {
    this.#failures = 0;
  }

  #busyMs({ retryAfterMs }: FishError): number {
    if (retryAfterMs === undefined) return this.#jittered(BUSY_MS, this.#failures);
    return Math.min(retryAfterMs, MOST_RETRY_AFTER_MS) * (1 + this.#random() / 10);
  }

  /** Takes a random part of the pause, at least half of it, so that many processes do not come back together. */
  #jittered(pauses: readonly number[], nth: number): number {
    const ms = pauses[Math.min(nth, pauses.length) - 1] ?? 0;
    return ms * (0.5 + this.#random() / 2);
  }

  #pause(ms: number): void {
    this.#failedAt = this.#now();
    this.#pauseMs = ms;
  }
}
