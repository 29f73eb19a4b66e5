import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import { FishError } from './errors.ts';
import { Pauses } from './pauses.ts';
import type { LiveSocket } from './socket.ts';

/** Opens a socket, `urgent` where somebody waits for it. Rejects with a FishError, or the reason of the signal. */
export type Dial = (signal: AbortSignal, urgent: boolean) => Promise<LiveSocket>;

export interface DiallerOptions {
  dial: Dial;
  /** After a refusal that does not pass by itself nobody dials for so long, ms. */
  refusedMs: number;
  onOpened: (socket: LiveSocket) => void;
  /** `beganAt`: `performance.now()`. */
  onRefused: (error: FishError, beganAt: number) => void;
  /** An attempt that had to wait may be made now. */
  onDue: () => void;
  log: Logger;
}

/** Opens sockets for the pool, by one policy of pauses (`pauses.ts`) whoever needs them. */
export class Dialler implements Disposable {
  readonly #options: DiallerOptions;
  readonly #pauses: Pauses;
  readonly #life = new AbortController();
  #pending = 0;
  /** After a refusal that does not pass by itself nothing is opened ahead of need until somebody has asked. */
  #halted = false;
  #timer: { readonly at: number; readonly id: NodeJS.Timeout } | undefined;

  constructor(options: DiallerOptions) {
    this.#options = options;
    this.#pauses = new Pauses({ refusedMs: options.refusedMs });
  }

  /** Attempts under way. */
  get pending(): number {
    return this.#pending;
  }

  /** Why nobody may dial now, nor soon: who asks is told this. */
  get refusal(): FishError | undefined {
    return this.#pauses.refusal;
  }

  /** How long an attempt for somebody who waits would have to wait itself, ms. */
  get waitMs(): number {
    return this.#pauses.waitMs(true);
  }

  /**
   * Begins an attempt; false where it may not be made now, and `onDue` follows when it may. `urgent`: somebody waits
   * for it.
   */
  begin(urgent: boolean): boolean {
    if (this.#life.signal.aborted || (this.#halted && !urgent)) return false;
    if (this.#pending >= this.#pauses.atOnce) return false; // the outcome of that one is told
    const waitMs = this.#pauses.waitMs(urgent);
    if (waitMs > 0) this.#plan(waitMs);
    else void this.#attempt(this.#options.dial, this.#life.signal, urgent).catch(() => undefined); // told by `onRefused`
    return waitMs === 0;
  }

  /** One attempt by other means, whatever holds back the others. Rejects as `dial` does, and is told as they are. */
  async probe(dial: Dial, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#life.signal]);
    await sleep(this.#pauses.waitMs(true), undefined, { signal: either });
    await this.#attempt(dial, either, false);
  }

  /** Whatever was refused, the next attempt ahead of need may be made when the pauses allow. */
  resume(): void {
    this.#halted = false;
  }

  /** Sockets that are open have ended before Fish had said anything; the oldest had been open for `ageMs`. */
  lost(ageMs: number): void {
    this.#pauses.lost(ageMs);
  }

  /** Fish has said something. */
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
      this.#pauses.opened();
      this.#options.onOpened(socket);
    } catch (error) {
      this.#pending -= 1;
      const strange = new FishError('network', 'the socket to Fish Audio could not be opened');
      if (!signal.aborted) this.#refused(error instanceof FishError ? error : strange, beganAt);
      throw error;
    }
  }

  #refused(error: FishError, beganAt: number): void {
    this.#halted = !error.retryable;
    // Where nobody was asked nothing was learned.
    if (!error.notAsked) this.#pauses.failed(error, beganAt);
    this.#options.onRefused(error, beganAt);
  }

  /** The earliest of those that wait. */
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
