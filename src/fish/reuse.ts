export interface ReuseOptions {
  /** After a sign that sockets are not to be used again nothing is tried for so long, ms. */
  noReuseMs: number;
  /** Milliseconds of a clock that nobody sets. */
  now?: () => number;
}

/** Each trial in vain doubles the time until the next, up to this many times `noReuseMs`: a line waits for each. */
const MOST_PAUSES = 64;

type State = { is: 'unknown' } | { is: 'tried' } | { is: 'works' } | { is: 'refuted'; until: number };

/**
 * What this process has seen of using a socket for a second session. Fish's protocol page says that a socket is closed
 * after `finish`, and some have seen that it takes another `start`: so it is nothing to be relied on before it has been
 * seen, and nothing to be tried again soon after it has failed.
 */
export class Reuse {
  readonly #options: ReuseOptions;
  readonly #now: () => number;
  /** Trials in vain since sockets were last seen to be used again. */
  #vain = 0;
  #state: State = { is: 'unknown' };

  constructor(options: ReuseOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** It has been seen to work: sockets may be used again and again. */
  get works(): boolean {
    return this.#state.is === 'works';
  }

  /** Nothing is known, and no trial is under way: one may be made. */
  get mayTry(): boolean {
    const state = this.#state;
    return state.is === 'unknown' || (state.is === 'refuted' && this.#now() >= state.until);
  }

  /** A line goes out by a socket that has carried another. */
  trying(): void {
    this.#state = { is: 'tried' };
  }

  /** The trial was cut short and has shown nothing. */
  undecided(): void {
    if (this.#state.is === 'tried') this.#state = { is: 'unknown' };
  }

  /** An event followed our `start` on a socket that had carried another session. */
  proven(): void {
    if (this.#state.is === 'refuted') return;
    this.#state = { is: 'works' };
    this.#vain = 0;
  }

  /** A socket was closed behind its `finish`, or did not answer another `start`. */
  refuted(): void {
    if (this.#state.is === 'tried') this.#vain += 1;
    const pauses = Math.min(2 ** Math.max(0, this.#vain - 1), MOST_PAUSES);
    this.#state = { is: 'refuted', until: this.#now() + pauses * this.#options.noReuseMs };
  }
}
