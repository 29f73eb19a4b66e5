import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import { FishError } from './errors.ts';
import { type Tried, tellsOfFish } from './failure-row.ts';
import type { FishTimings } from './timings.ts';

// One outage of Fish Audio: when Fish is tried and by what, and which success ends it. `failure-row.ts` decides when an
// outage begins; `circuit.ts` lets lines in or refuses them by what it knows of the outage.

export interface OutageOptions {
  /** When the failures began, in milliseconds since 1970. */
  readonly since: number;
  readonly timings: Pick<FishTimings, 'probeMs' | 'slowProbeMs'>;
  /**
   * Opens a socket to Fish, as soon as the pauses between attempts allow, to see whether that works. It calls `began`
   * when it dials. Rejects with a FishError, or the signal's reason.
   */
  readonly probe: (signal: AbortSignal, began: () => void) => Promise<void>;
  /** Called when lines begin or cease to be refused in the outage. */
  readonly onChange: () => void;
  /** Called once, when the outage is over. */
  readonly onOver: () => void;
  /** Ends the probes. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Ends the trial of a line. `learned` says whether it was found out if Fish works. */
export type EndTrial = (outcome: { readonly learned: boolean }) => void;

/**
 * After this many quick probes (five minutes of them) the slow pace is enough: nobody expects Fish back within seconds.
 */
const QUICK_PROBES = 30;

/**
 * A time in which Fish Audio says nothing that is asked for with our key. Fish is tried at most once in `probeMs`:
 * where no socket could be opened, a probe opens one without sending anything; otherwise the next line may try.
 */
export class Outage implements Disposable {
  /** When the failures began, in milliseconds since 1970. */
  readonly since: number;
  readonly #options: OutageOptions;
  #error: FishError;
  // These times are `performance.now()`.
  readonly #openedAt = performance.now();
  #triedAt = this.#openedAt;
  #probes = 0;
  /** A probe dials, or waits until it may. */
  #probing = false;
  #trial: PromiseWithResolvers<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(error: FishError, options: OutageOptions) {
    this.#error = error;
    this.since = options.since;
    this.#options = options;
    this.#plan();
  }

  /** The last failure. */
  get error(): FishError {
    return this.#error;
  }

  /** Resolves when the line that tries Fish has its outcome; null while no line tries. */
  get trial(): Promise<void> | null {
    return this.#trial?.promise ?? null;
  }

  /** Whether a line may try Fish now. */
  get mayTry(): boolean {
    return !this.#ofDialling && !this.#trial && this.#pauseMs <= 0;
  }

  /** Lets one line try Fish, which has to be allowed by `mayTry`. */
  beginTrial(): EndTrial {
    const trial = Promise.withResolvers<void>();
    this.#trial = trial;
    this.#triedAt = performance.now();
    return ({ learned }) => {
      if (this.#trial !== trial) return;
      this.#trial = null;
      if (!learned) this.#triedAt = Number.NEGATIVE_INFINITY; // so the next line may try at once
      this.#plan();
      trial.resolve();
      this.#options.onChange();
    };
  }

  /** Begins a probe at once where one is allowed, so that a person does not wait for the slow pace of probes. */
  knock(): void {
    if (this.#ofDialling && this.#pauseMs <= 0) this.#probe();
  }

  /** Fish has begun to speak, which ends the outage if it was asked after the outage began. */
  spoken({ beganAt }: Pick<Tried, 'beganAt'>): void {
    if (beganAt >= this.#openedAt) this.#end();
  }

  /** A socket was opened. That ends an outage whose failure was in opening sockets, and no other outage. */
  dialled(tried: Pick<Tried, 'beganAt'>): void {
    if (this.#ofDialling) this.spoken(tried);
  }

  /** An attempt has failed. If it began in this outage and tells of Fish, it is the last failure now. */
  failed(error: FishError, { beganAt }: Pick<Tried, 'beganAt'>): void {
    if (!tellsOfFish(error) || beganAt < this.#openedAt) return;
    this.#error = error;
    this.#plan();
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  /** Whether the failure was in opening a socket; then a socket that opens shows that the failure has passed. */
  get #ofDialling(): boolean {
    return this.#error.phase === 'connect';
  }

  /** Milliseconds until the next try is allowed. */
  get #pauseMs(): number {
    return this.#triedAt + this.#options.timings.probeMs - performance.now();
  }

  #end(): void {
    if (this.#over) return;
    this[Symbol.dispose]();
    this.#trial?.resolve();
    this.#trial = null;
    this.#options.onOver();
  }

  /** Sets the timer of the next try: it starts a probe, or tells that a line may try. */
  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#over) return;
    const { timings, log, onChange } = this.#options;
    const probing = this.#ofDialling;
    const slow = probing && this.#probes >= QUICK_PROBES;
    const due = () => (probing ? this.#probe() : onChange());
    this.#timer = later(log, 'fish probe', slow ? timings.slowProbeMs : Math.max(0, this.#pauseMs), due);
  }

  #probe(): void {
    clearTimeout(this.#timer);
    if (this.#probing) return; // its end sets the timer of the next one
    this.#probes += 1;
    this.#probing = true;
    const beganAt = performance.now();
    this.#triedAt = beganAt;
    const began = () => {
      this.#triedAt = performance.now();
    };
    this.#options.probe(this.#options.signal, began).then(
      () => {
        this.#probing = false;
        this.dialled({ beganAt });
      },
      (error: unknown) => {
        this.#probing = false;
        if (this.#over) return;
        if (error instanceof FishError) this.failed(error, { beganAt });
        this.#plan();
      },
    );
  }
}
