import { setImmediate } from 'node:timers/promises';

// For work that takes longer than a few milliseconds, such as decoding a recording: it is done in short pieces, so that
// the speech of all guilds, which leaves each 20 ms, is not late.

/**
 * Long work gives way to the event loop after this many milliseconds, because the 20 ms clock of all guilds runs on it.
 */
const SLICE_MS = 2;

/** Cuts long work into slices, so that it does not block the event loop: call `rest` between its small steps. */
export class Slices {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Gives way to the event loop if the present slice has lasted long enough. Rejects with the signal's reason. */
  async rest(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (performance.now() - this.#since < SLICE_MS) return;
    await setImmediate();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
