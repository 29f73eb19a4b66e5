import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import { FishError } from './errors.ts';
import { FailureRow, type Tried, tellsOfFish } from './failure-row.ts';
import type { FishTimings } from './timings.ts';
import { wordsFor } from './trouble.ts';

/** Nothing can be said by this key: the last failure, and since when, in milliseconds since 1970. */
export interface Outage {
  readonly error: FishError;
  readonly since: number;
}

/** One attempt to have words said, told how it went; what is told after the first outcome does nothing. */
export interface Attempt {
  /** Fish has begun to speak. */
  heard(): void;
  succeeded(): void;
  failed(error: FishError): void;
  /** Somebody wanted silence, which says nothing about Fish. */
  abandoned(): void;
}

export interface CircuitOptions {
  readonly timings: Pick<FishTimings, 'failingMs' | 'probeMs' | 'slowProbeMs'>;
  /** Opens a socket to Fish and closes it again. Rejects with a FishError, or the signal's reason. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** The outage is over: sockets may be opened ahead of need again. */
  readonly onOver: () => void;
  readonly log: Logger;
}

/** So many probes at the quick pace: after five minutes nobody expects it back within seconds. */
const QUICK_PROBES = 30;

/** The state of an outage. Times are `performance.now()`. */
interface Open {
  error: FishError;
  readonly since: number;
  readonly openedAt: number;
  triedAt: number;
  probes: number;
  /** Resolves when the line that tries Fish has had its outcome; null: none does. */
  trial: PromiseWithResolvers<void> | null;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Knows whether Fish says anything by this key, from what becomes of all attempts, and keeps lines from asking while
 * it does not. Then it tries by itself, at most once in `probeMs`: with a bare socket where the failure was in opening
 * one, else with the next line that somebody has to say.
 */
export class Circuit implements Disposable {
  readonly #options: CircuitOptions;
  readonly #row: FailureRow;
  readonly #listeners = new Set<() => void>();
  readonly #life = new AbortController();
  #open: Open | null = null;

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#row = new FailureRow(options.timings.failingMs);
  }

  get outage(): Outage | null {
    return this.#open;
  }

  /** Since when nothing has been said, be it an outage yet or not: `performance.now()`; null: all is well. */
  get failingSince(): number | null {
    return this.#row.since;
  }

  /** Why a line that asked now would be refused; null: it may ask, or wait for the one that tries. */
  get refusal(): FishError | null {
    const open = this.#open;
    return !open || open.trial || this.#mayTry(open) ? null : notAsked(open.error);
  }

  /** The same for somebody who is there to speak, which brings the next probe forward. */
  knock(): FishError | null {
    const open = this.#open;
    if (open && isOfDialling(open.error) && this.#pauseMs(open) <= 0) this.#probe(open);
    return this.refusal;
  }

  /** `listener` is called whenever lines may ask that might not before, or the reverse. Ends with the signal. */
  onChange(listener: () => void, { signal }: { signal: AbortSignal }): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /**
   * Before words are sent. In an outage one line tries Fish, and others wait for what becomes of it. Rejects with the
   * FishError of the outage, marked `notAsked`, or with the signal's reason. `words`: what is to be said, by identity.
   */
  async enter(words: unknown, signal: AbortSignal): Promise<Attempt> {
    while (this.#open?.trial) await settled(this.#open.trial.promise, signal);
    const open = this.#open;
    if (open) {
      if (!this.#mayTry(open)) throw notAsked(open.error);
      open.trial = Promise.withResolvers();
      open.triedAt = performance.now();
    }
    return this.#attempt({ words, beganAt: performance.now() }, open?.trial ?? null);
  }

  /**
   * Opens a socket for the use of lines, unless there is an outage that none of them tries. `awaited`: by a line that
   * had been let in before the outage, and may wait for what passes.
   */
  async dialling<T>(dial: () => Promise<T>, { awaited = false } = {}): Promise<T> {
    const open = this.#open;
    if (open && !open.trial && !(awaited && open.error.retryable)) throw notAsked(open.error);
    const tried = { beganAt: performance.now(), words: null };
    try {
      const socket = await dial();
      if (this.#open) this.#dialled(this.#open, tried);
      return socket;
    } catch (error) {
      if (error instanceof FishError) this.#failed(error, tried);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    clearTimeout(this.#open?.timer);
    this.#listeners.clear();
  }

  #attempt(tried: Tried, trial: Open['trial']): Attempt {
    let over = false;
    const end = (outcome: () => void) => {
      if (over) return;
      over = true;
      outcome();
      if (trial) this.#endTrial(trial);
    };
    return {
      heard: () => {
        if (!over) this.#spoken(tried);
      },
      succeeded: () => end(() => this.#spoken(tried)),
      failed: error => end(() => this.#failed(error, tried)),
      abandoned: () =>
        end(() => {
          // It has not been found out: the next line may try at once.
          if (trial && this.#open) this.#open.triedAt = Number.NEGATIVE_INFINITY;
        }),
    };
  }

  #endTrial(trial: PromiseWithResolvers<void>): void {
    if (this.#open?.trial === trial) {
      this.#open.trial = null;
      this.#plan(this.#open);
    }
    trial.resolve();
    this.#tell();
  }

  #spoken(tried: Tried): void {
    this.#row.spoken(tried);
    if (this.#open && tried.beganAt >= this.#open.openedAt) this.#close(this.#open);
  }

  /** A socket opened: that mends what was wrong with opening one, and nothing else. */
  #dialled(open: Open, { beganAt }: Tried): void {
    if (open === this.#open && beganAt >= open.openedAt && isOfDialling(open.error)) this.#close(open);
  }

  #failed(error: FishError, tried: Tried): void {
    const open = this.#open;
    if (!open) {
      if (this.#row.failed(error, tried)) this.#begin(error);
    } else if (tellsOfFish(error) && tried.beganAt >= open.openedAt) {
      open.error = error;
      this.#plan(open);
    }
  }

  #begin(error: FishError): void {
    const now = performance.now();
    const lastedMs = now - (this.#row.since ?? now);
    this.#open = {
      error,
      since: Date.now() - Math.round(lastedMs),
      openedAt: now,
      triedAt: now,
      probes: 0,
      trial: null,
      timer: undefined,
    };
    const { kind, status, code, traceId, body } = error;
    this.#options.log.error(
      { kind, status, code, traceId, body },
      `nothing can be said for now: ${wordsFor(error)}`,
    );
    this.#plan(this.#open);
    this.#tell();
  }

  #close(open: Open): void {
    clearTimeout(open.timer);
    this.#open = null;
    this.#row.end();
    const seconds = Math.round((Date.now() - open.since) / 1_000);
    this.#options.log.info({ seconds }, 'Fish Audio can be asked again');
    this.#options.onOver();
    open.trial?.resolve();
    this.#tell();
  }

  /** Sees to the next try: a probe, or word to those whose lines wait that one of them may try. */
  #plan(open: Open): void {
    clearTimeout(open.timer);
    const probing = isOfDialling(open.error);
    const slow = probing && open.probes >= QUICK_PROBES;
    const due = () => (probing ? this.#probe(open) : this.#tell());
    const { timings, log } = this.#options;
    open.timer = later(log, 'fish probe', slow ? timings.slowProbeMs : Math.max(0, this.#pauseMs(open)), due);
  }

  /** Until the next try is allowed. */
  #pauseMs({ triedAt }: Open): number {
    return triedAt + this.#options.timings.probeMs - performance.now();
  }

  #mayTry(open: Open): boolean {
    return !isOfDialling(open.error) && !open.trial && this.#pauseMs(open) <= 0;
  }

  #probe(open: Open): void {
    clearTimeout(open.timer);
    open.probes += 1;
    open.triedAt = performance.now();
    const tried = { beganAt: open.triedAt, words: null };
    const { signal } = this.#life;
    this.#options.probe(signal).then(
      () => this.#dialled(open, tried),
      (error: unknown) => {
        if (signal.aborted || open !== this.#open) return;
        if (error instanceof FishError) this.#failed(error, tried);
        this.#plan(open);
      },
    );
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (err) {
        this.#options.log.error({ err }, 'a listener to what becomes of Fish Audio threw');
      }
    }
  }
}

/** It was a socket that could not be opened, so that opening one tells whether that has passed. */
function isOfDialling({ phase }: FishError): boolean {
  return phase === 'connect';
}

/** What a line is told that did not ask. */
function notAsked({ kind, message, status, phase }: FishError): FishError {
  return new FishError(kind, message, { status, phase, retryable: false, notAsked: true });
}

/** Resolves when the promise does; rejects with the signal's reason. */
async function settled(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
