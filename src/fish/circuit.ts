import type { Logger } from '../log.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { FishError } from './errors.ts';
import { FailureRow, type Tried } from './failure-row.ts';
import { type EndTrial, Outage, type OutageOptions } from './outage.ts';
import { ShutOut } from './shut-out.ts';
import type { FishTimings } from './timings.ts';
import { wordsFor } from './trouble.ts';

// The circuit breaker: learns from the outcomes of all attempts whether Fish Audio works, and while it does not (an
// outage) refuses lines before they ask. `failure-row.ts` decides when failures are an outage, `shut-out.ts` when a
// long wait is one; `outage.ts` decides when Fish is tried in it, and when it is over.

/** One attempt to have words said. Its owner reports how it went; only the first outcome counts. */
export interface Attempt {
  /** Reports that the words are sent, or sent again: what comes of it tells of Fish from now on. */
  sent(): void;
  /**
   * Reports that Fish has refused the session because there are too many, and that it will be sent again. This is no
   * outcome yet.
   */
  refused(error: FishError): void;
  /** Reports that Fish has begun to speak. This is no outcome yet. */
  heard(): void;
  succeeded(): void;
  failed(error: FishError): void;
  /** Reports that somebody wanted silence, from which nothing can be learned about Fish. */
  abandoned(): void;
}

export interface CircuitOptions extends Pick<OutageOptions, 'probe'> {
  readonly timings: Pick<FishTimings, 'failingMs' | 'heldUpMs' | 'probeMs' | 'slowProbeMs'>;
  /** Called when an outage is over: from then on sockets may again be opened before they are needed. */
  readonly onOver: () => void;
  readonly log: Logger;
}

export class Circuit implements Disposable {
  readonly #options: CircuitOptions;
  readonly #row: FailureRow;
  readonly #shutOut: ShutOut;
  readonly #listeners = new Set<() => void>();
  readonly #life = new AbortController();
  #outage: Outage | null = null;

  constructor(options: CircuitOptions) {
    this.#options = options;
    const { timings, log } = options;
    this.#row = new FailureRow(timings);
    const onLong = (error: FishError) => {
      if (!this.#outage) this.#begin(error);
    };
    this.#shutOut = new ShutOut({ heldUpMs: timings.heldUpMs, onLong, log });
  }

  get outage(): Pick<Outage, 'error' | 'since'> | null {
    return this.#outage;
  }

  /**
   * When the present row of failures or refusals began (`performance.now()`), whether or not it is an outage yet; null
   * when the last attempt went well.
   */
  get failingSince(): number | null {
    const [row, shut] = [this.#row.since, this.#shutOut.since];
    return row === null || shut === null ? (row ?? shut) : Math.min(row, shut);
  }

  /** Whether people who have waited for `waitedMs` milliseconds, without a sound, have to be told of the outage. */
  isHoldingUp(waitedMs: number): boolean {
    return this.#outage !== null && waitedMs >= this.#options.timings.heldUpMs;
  }

  /** Why a line that asked now would be refused; null when it may ask, or may wait for the line that tries. */
  get refusal(): FishError | null {
    const outage = this.#outage;
    return !outage || outage.trial || outage.mayTry ? null : notAsked(outage.error);
  }

  /**
   * Returns the refusal for somebody who wants to speak now. It also starts a probe at once where one is allowed, so
   * that a person does not wait for the slow pace of probes.
   */
  knock(): FishError | null {
    this.#outage?.knock();
    return this.refusal;
  }

  /** Calls `listener` each time when lines begin or cease to be refused, until the signal is aborted. */
  onChange(listener: () => void, { signal }: { signal: AbortSignal }): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /**
   * Call this before words are sent to Fish. In an outage one line tries Fish, and the others wait here for its
   * outcome. Rejects with the FishError of the outage, marked `notAsked`, or with the signal's reason. `words` is what
   * is to be said; it is only compared, by identity, to know when the same words fail again.
   */
  async enter(words: unknown, signal: AbortSignal): Promise<Attempt> {
    while (this.#outage?.trial) await unlessAborted(this.#outage.trial, signal);
    const { refusal } = this;
    if (refusal) throw refusal;
    const endTrial = this.#outage?.beginTrial();
    return this.#attempt({ words, beganAt: performance.now() }, endTrial);
  }

  /**
   * Opens a socket for lines. Rejects with `notAsked` where there is an outage and no line tries Fish. `awaited` says
   * that a line which was let in before the outage waits for this socket: it may dial if the failure can pass by
   * itself.
   */
  async dialling<T>(dial: () => Promise<T>, { awaited = false } = {}): Promise<T> {
    const outage = this.#outage;
    if (outage && !outage.trial && !(awaited && outage.error.retryable)) throw notAsked(outage.error);
    const tried = { beganAt: performance.now(), words: null };
    try {
      const socket = await dial();
      this.#shutOut.opened(tried);
      this.#outage?.dialled(tried);
      return socket;
    } catch (error) {
      if (error instanceof FishError) this.#failed(error, tried);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    this.#outage?.[Symbol.dispose]();
    this.#shutOut[Symbol.dispose]();
    this.#listeners.clear();
  }

  #attempt({ words, beganAt }: Tried, endTrial?: EndTrial): Attempt {
    let tried = { words, beganAt };
    let over = false;
    const guest = this.#shutOut.enter();
    const end = (outcome?: () => void) => {
      if (over) return;
      over = true;
      outcome?.();
      guest[Symbol.dispose]();
      endTrial?.({ learned: outcome !== undefined });
    };
    return {
      sent: () => {
        tried = { words, beganAt: performance.now() };
      },
      refused: error => {
        if (over) return;
        this.#shutOut.failed(error);
        this.#outage?.failed(error, tried);
        // The line may wait long until it is sent again, and nobody is to wait for that.
        endTrial?.({ learned: true });
      },
      heard: () => {
        if (over) return;
        guest.heard(tried.beganAt);
        this.#spoken(tried);
      },
      succeeded: () => end(() => this.#spoken(tried)),
      failed: error => end(() => this.#failed(error, tried)),
      abandoned: () => end(),
    };
  }

  #spoken(tried: Tried): void {
    this.#row.spoken(tried);
    this.#outage?.spoken(tried);
  }

  #failed(error: FishError, tried: Tried): void {
    if (this.#outage) this.#outage.failed(error, tried);
    else if (this.#row.failed(error, tried)) this.#begin(error);
    else this.#shutOut.failed(error);
  }

  #begin(error: FishError): void {
    const now = performance.now();
    const lastedMs = now - (this.failingSince ?? now);
    const outage = new Outage(error, {
      ...this.#options,
      since: Date.now() - Math.round(lastedMs),
      signal: this.#life.signal,
      onChange: () => this.#tell(),
      onOver: () => this.#end(outage),
    });
    this.#outage = outage;
    const { kind, status, code, traceId, body } = error;
    this.#options.log.error(
      { kind, status, code, traceId, body },
      `nothing can be said for now: ${wordsFor(error)}`,
    );
    this.#tell();
  }

  #end({ since }: Outage): void {
    this.#outage = null;
    this.#row.end();
    this.#shutOut.reset();
    const seconds = Math.round((Date.now() - since) / 1_000);
    this.#options.log.info({ seconds }, 'Fish Audio can be asked again');
    this.#options.onOver();
    this.#tell();
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

/** The error for a line that was refused here, without asking Fish. */
function notAsked({ kind, message, status, phase }: FishError): FishError {
  return new FishError(kind, message, { status, phase, retryable: false, notAsked: true });
}
