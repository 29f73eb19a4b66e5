export interface ReuseOptions {
  /** After a sign that sockets are not to be used again nothing is tried for so long, ms. */
  noReuseMs: number;
  /** Milliseconds of a clock that nobody sets. */
  now?: () => number;
}

/** A trial without an event is over after this many times Fish's slowest first audio of late, but not sooner than … */
const PATIENCE = 4;
const LEAST_TRIAL_MS = 2_000;
/** So many of the last first audios are remembered. */
const REMEMBERED = 20;

type State = { is: 'unknown' } | { is: 'tried' } | { is: 'works' } | { is: 'refuted'; until: number };

/**
 * What this process has seen of using a socket for a second session. Fish's protocol page says that a socket is closed
 * after `finish`, and some have seen that it takes another `start`: so it is nothing to be relied on before it has been
 * seen, and nothing to be tried again soon after it has failed.
 */
export class Reuse {
  readonly #options: ReuseOptions;
  readonly #now: () => number;
  readonly #firstAudios: number[] = [];
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

  /** How long a trial may be without an event once audio is owed, ms. */
  get trialMs(): number {
    return Math.max(LEAST_TRIAL_MS, PATIENCE * Math.max(0, ...this.#firstAudios));
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
    if (this.#state.is !== 'refuted') this.#state = { is: 'works' };
  }

  /** A socket was closed behind its `finish`, or did not answer another `start`. */
  refuted(): void {
    this.#state = { is: 'refuted', until: this.#now() + this.#options.noReuseMs };
  }

  /** Fish took so long from `start` to the first audio. */
  heardAfter(ms: number): void {
    this.#firstAudios.push(ms);
    if (this.#firstAudios.length > REMEMBERED) this.#firstAudios.shift();
  }
}
