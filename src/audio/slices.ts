import { setImmediate } from 'node:timers/promises';

/** Every guild's 20 ms clock runs on the same event loop: long work gives way to it this often. */
const SLICE_MS = 2;

/** Cuts long work into slices: call `rest` between its small steps. */
export class Slices {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Lets the event loop turn if this slice has lasted long enough. Rejects with the signal's reason. */
  async rest(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (performance.now() - this.#since < SLICE_MS) return;
    await setImmediate();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
