import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import { FishError } from './errors.ts';
import { FailureRow, type Tried, tellsOfFish } from './failure-row.ts';
import type { FishTimings } from './timings.ts';
import { wordsFor } from './trouble.ts';
import { unlessAborted } from './unless-aborted.ts';

// The circuit breaker: learns from the outcomes of all attempts whether Fish Audio works, and while it does not (an
// outage) refuses lines before they ask. `failure-row.ts` decides when failures are an outage; here it is tried and
// ended.

/** A time in which Fish Audio says nothing that is asked for with our key. */
export interface Outage {
  /** The last failure. */
  readonly error: FishError;
  /** When the failures began, in milliseconds since 1970. */
  readonly since: number;
}

/** One attempt to have words said. Its owner reports how it went; only the first outcome counts. */
export interface Attempt {
  /** Reports that Fish has begun to speak. This is no outcome yet. */
  heard(): void;
  succeeded(): void;
  failed(error: FishError): void;
  /** Reports that somebody wanted silence, from which nothing can be learned about Fish. */
  abandoned(): void;
}

export interface CircuitOptions {
  readonly timings: Pick<FishTimings, 'failingMs' | 'probeMs' | 'slowProbeMs'>;
  /**
   * Opens a socket to Fish, as soon as the pauses between attempts allow, to see whether that works. It calls `began`
   * when it dials. Rejects with a FishError, or the signal's reason.
   */
  readonly probe: (signal: AbortSignal, began: () => void) => Promise<void>;
  /** Is called when an outage is over: from then on sockets may again be opened before they are needed. */
  readonly onOver: () => void;
  readonly log: Logger;
}

/**
 * After so many quick probes (five minutes of them) the slow pace is enough: nobody expects Fish back within seconds.
 */
const QUICK_PROBES = 30;

/** The state of an outage. Except for `since`, times are `performance.now()`. */
interface Open {
  error: FishError;
  readonly since: number;
  readonly openedAt: number;
  triedAt: number;
  probes: number;
  /** A probe dials, or waits until it may. */
  probing: boolean;
  /** Resolves when the line that tries Fish has its outcome; null while no line tries. */
  trial: PromiseWithResolvers<void> | null;
  timer: NodeJS.Timeout | undefined;
}

/**
 * In an outage it tries Fish at most once in `probeMs`: where no socket could be opened, it opens one without sending
 * anything; otherwise the next line may try.
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

  /**
   * When the present row of failures began (`performance.now()`), whether or not it is an outage yet; null when the
   * last attempt went well.
   */
  get failingSince(): number | null {
    return this.#row.since;
  }

  /** Why a line that asked now would be refused; null when it may ask, or may wait for the line that tries. */
  get refusal(): FishError | null {
    const open = this.#open;
    return !open || open.trial || this.#mayTry(open) ? null : notAsked(open.error);
  }

  /**
   * Returns the refusal for somebody who wants to speak now. It also starts a probe at once where one is allowed, so
   * that a person does not wait for the slow pace of probes.
   */
  knock(): FishError | null {
    const open = this.#open;
    if (open && isOfDialling(open.error) && this.#pauseMs(open) <= 0) this.#probe(open);
    return this.refusal;
  }

  /** Calls `listener` each time when lines begin or cease to be refused, until the signal is aborted. */
  onChange(listener: () => void, { signal }: { signal: AbortSignal }): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /**
   * Has to be called before words are sent to Fish. In an outage one line tries Fish, and the others wait here for its
   * outcome. Rejects with the FishError of the outage, marked `notAsked`, or with the signal's reason. `words` is what
   * is to be said; it is only compared, by identity, to know when the same words fail again.
   */
  async enter(words: unknown, signal: AbortSignal): Promise<Attempt> {
    while (this.#open?.trial) await unlessAborted(this.#open.trial.promise, signal);
    const open = this.#open;
    if (open) {
      if (!this.#mayTry(open)) throw notAsked(open.error);
      open.trial = Promise.withResolvers();
      open.triedAt = performance.now();
    }
    return this.#attempt({ words, beganAt: performance.now() }, open?.trial ?? null);
  }

  /**
   * Opens a socket for lines. Rejects with `notAsked` where there is an outage and no line tries Fish. `awaited` says
   * that a line which was let in before the outage waits for this socket: it may dial if the failure can pass by
   * itself.
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
          // Whether Fish works was not found out, so the next line may try at once.
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

  /** A socket was opened. That ends an outage whose failure was in opening sockets, and no other outage. */
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
      probing: false,
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

  /** Sets the timer of the next try: it starts a probe, or tells the listeners that a line may try. */
  #plan(open: Open): void {
    clearTimeout(open.timer);
    const probing = isOfDialling(open.error);
    const slow = probing && open.probes >= QUICK_PROBES;
    const due = () => (probing ? this.#probe(open) : this.#tell());
    const { timings, log } = this.#options;
    open.timer = later(log, 'fish probe', slow ? timings.slowProbeMs : Math.max(0, this.#pauseMs(open)), due);
  }

  /** Milliseconds until the next try is allowed. */
  #pauseMs({ triedAt }: Open): number {
    return triedAt + this.#options.timings.probeMs - performance.now();
  }

  #mayTry(open: Open): boolean {
    return !isOfDialling(open.error) && !open.trial && this.#pauseMs(open) <= 0;
  }

  #probe(open: Open): void {
    clearTimeout(open.timer);
    if (open.probing) return; // its end sets the timer of the next one
    open.probes += 1;
    open.probing = true;
    open.triedAt = performance.now();
    const tried = { beganAt: open.triedAt, words: null };
    const { signal } = this.#life;
    const began = () => {
      open.triedAt = performance.now();
    };
    this.#options.probe(signal, began).then(
      () => {
        open.probing = false;
        this.#dialled(open, tried);
      },
      (error: unknown) => {
        open.probing = false;
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

/** Whether the failure was in opening a socket; then a socket that opens shows that the failure has passed. */
function isOfDialling({ phase }: FishError): boolean {
  return phase === 'connect';
}

/** The error for a line that was refused here, without asking Fish. */
function notAsked({ kind, message, status, phase }: FishError): FishError {
  return new FishError(kind, message, { status, phase, retryable: false, notAsked: true });
}
