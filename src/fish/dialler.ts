import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import { DialPauses } from './dial-pauses.ts';
import { FishError } from './errors.ts';
import type { LiveSocket } from './socket.ts';

// Decides when the next socket to Fish Audio may be opened for the pool (`pool.ts`), whoever needs it: at once, after a
// pause, or not for now. `dial-pauses.ts` computes the pauses; `dial.ts` opens the socket.

/** Opens a socket; `urgent` says that somebody waits for it. Rejects with a FishError, or the signal's reason. */
export type Dial = (signal: AbortSignal, urgent: boolean) => Promise<LiveSocket>;

export interface DiallerOptions {
  dial: Dial;
  /** For how many milliseconds nobody dials after a refusal that does not pass by itself. */
  refusedMs: number;
  /** How many milliseconds somebody waits at most until Fish has fewer sessions. */
  busyMs: number;
  onOpened: (socket: LiveSocket) => void;
  /** An attempt that began at `beganAt` (`performance.now()`) has failed. */
  onRefused: (error: FishError, beganAt: number) => void;
  /** An attempt that had to wait may be made now. */
  onDue: () => void;
  log: Logger;
}

export class Dialler implements Disposable {
  readonly #options: DiallerOptions;
  readonly #pauses: DialPauses;
  readonly #life = new AbortController();
  #pending = 0;
  /** After a refusal that does not pass by itself, no socket is opened ahead of need until somebody waits for one. */
  #halted = false;
  #timer: { readonly at: number; readonly id: NodeJS.Timeout } | undefined;

  constructor(options: DiallerOptions) {
    this.#options = options;
    this.#pauses = new DialPauses(options);
  }

  /** How many attempts are under way. */
  get pending(): number {
    return this.#pending;
  }

  /** Why it is of no use to wait for a socket now; whoever asks for one is told this. Undefined if one may wait. */
  get refusal(): FishError | undefined {
    return this.#pauses.refusal;
  }

  /** How many milliseconds an attempt for somebody who waits would be put off. */
  get waitMs(): number {
    return this.#pauses.waitMs(true);
  }

  /**
   * Begins an attempt, and returns true; or returns false where none may be made now, and then calls `onDue` as soon as
   * a pause is over. `urgent` says that somebody waits for the socket.
   */
  begin(urgent: boolean): boolean {
    if (this.#life.signal.aborted || (this.#halted && !urgent)) return false;
    if (this.#pending >= this.#pauses.atOnce) return false; // the pool hears of the outcome of the present attempt
    const waitMs = this.#pauses.waitMs(urgent);
    if (waitMs > 0) this.#plan(waitMs);
    // When it fails, `onRefused` is called.
    else void this.#attempt(this.#options.dial, this.#life.signal, urgent).catch(() => undefined);
    return waitMs === 0;
  }

  /**
   * Makes one attempt with the given `dial`, also while no other attempts may be made. It counts as urgent, since people
   * are told what it learns of Fish. Rejects as `dial` does; the outcome goes to `onOpened` or `onRefused` as well.
   */
  async probe(dial: Dial, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#life.signal]);
    await sleep(this.#pauses.waitMs(true), undefined, { signal: either });
    await this.#attempt(dial, either, true);
  }

  /** Allows attempts ahead of need again, also after a refusal; the pauses still hold. */
  resume(): void {
    this.#halted = false;
  }

  /** Reports that a socket, open for `ageMs`, has ended before Fish said anything by it. */
  lost(ageMs: number): void {
    this.#pauses.lost(ageMs);
  }

  /**
   * Reports that Fish has refused a session, sent at `sentAt` (`performance.now()`) by an open socket, because there
   * are too many. A pause follows as after an attempt that was refused for that.
   */
  refused(error: FishError, sentAt: number): void {
    this.#pauses.refused(error, sentAt);
  }

  /** Reports that Fish has said something else by a socket. */
  proven(): void {
    this.#pauses.proven();
  }

  [Symbol.dispose](): void {
    this.#life.abort(new FishError('closed', 'the pool of sockets is closed', { retryable: false }));
    clearTimeout(this.#timer?.id);
  }

  async #attempt(dial: Dial, signal: AbortSignal, urgent: boolean): Promise<void> {
    const beganAt = performance.now();
    this.#pending += 1;
    try {
      const socket = await dial(signal, urgent);
      this.#pending -= 1;
      this.#halted = false;
      this.#pauses.opened(beganAt);
      this.#options.onOpened(socket);
    } catch (error) {
      this.#pending -= 1;
      const strange = new FishError('network', 'the socket to Fish Audio could not be opened');
      if (!signal.aborted) this.#refused(error instanceof FishError ? error : strange, beganAt, urgent);
      throw error;
    }
  }

  #refused(error: FishError, beganAt: number, urgent: boolean): void {
    this.#halted = !error.retryable;
    // If Fish was not asked, nothing was learned about it.
    if (!error.notAsked) this.#pauses.failed(error, beganAt, { ahead: !urgent });
    this.#options.onRefused(error, beganAt);
  }

  /** Sets the timer that calls `onDue`; of several times the earliest counts. */
  #plan(ms: number): void {
    const at = performance.now() + ms;
    if (this.#timer && this.#timer.at <= at) return;
    clearTimeout(this.#timer?.id);
    const due = () => {
      this.#timer = undefined;
      this.#options.onDue();
    };
    this.#timer = { at, id: later(this.#options.log, 'fish dialling', ms, due) };
  }
}
