// Learns whether a socket to Fish Audio can carry a second session, and so whether used sockets are worth keeping.
// `pool.ts` asks here before it keeps one or lends it again.

export interface ReuseOptions {
  /** For how many milliseconds no trial is made after a sign that sockets cannot be used again. */
  noReuseMs: number;
  /** Milliseconds of a clock that nobody sets; `performance.now()` if absent. */
  now?: () => number;
}

/**
 * After each trial in vain the pause before the next one doubles, because a line has to wait for each trial. It never
 * exceeds `noReuseMs` times this number.
 */
const MOST_PAUSES = 64;

type State = { is: 'unknown' } | { is: 'tried' } | { is: 'works' } | { is: 'refuted'; until: number };

/**
 * The protocol page of Fish says that a socket is closed after `finish`, but some people have seen that it takes
 * another `start`. So we rely on it only after this process has seen that it works, and after a trial in vain we wait
 * before we try again.
 */
export class Reuse {
  readonly #options: ReuseOptions;
  readonly #now: () => number;
  /** How many trials were in vain since a second session last worked. */
  #vain = 0;
  #state: State = { is: 'unknown' };

  constructor(options: ReuseOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Whether a second session has been seen to work, so that sockets may be used again and again. */
  get works(): boolean {
    return this.#state.is === 'works';
  }

  /** Whether a trial may be made: nothing is known (any longer), and no trial is under way. */
  get mayTry(): boolean {
    const state = this.#state;
    return state.is === 'unknown' || (state.is === 'refuted' && this.#now() >= state.until);
  }

  /** Notes that a trial has begun: a session is sent by a socket that has carried another one. */
  trying(): void {
    this.#state = { is: 'tried' };
  }

  /** Notes that the trial was cut short, so that nothing was learned. */
  undecided(): void {
    if (this.#state.is === 'tried') this.#state = { is: 'unknown' };
  }

  /** Notes that it works: an event followed our `start` on a socket that had carried another session. */
  proven(): void {
    if (this.#state.is === 'refuted') return;
    this.#state = { is: 'works' };
    this.#vain = 0;
  }

  /** Notes that it does not work: a socket was closed after its `finish`, or did not answer another `start`. */
  refuted(): void {
    if (this.#state.is === 'tried') this.#vain += 1;
    const pauses = Math.min(2 ** Math.max(0, this.#vain - 1), MOST_PAUSES);
    this.#state = { is: 'refuted', until: this.#now() + pauses * this.#options.noReuseMs };
  }
}
