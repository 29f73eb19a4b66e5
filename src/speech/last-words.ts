import type { Logger } from '../log.ts';
import { later } from '../walls.ts';

// Decides when the bot leaves a channel of its own accord: nobody has come back for long enough, or the process ends.
// The line being heard may end before that, within a limit. `session.ts` then leaves.

/**
 * When nobody has come back for long enough, the bot leaves after the line being heard, or after this many
 * milliseconds.
 */
const DESERTED_LIMIT_MS = 8_000;

export interface LastWordsOptions {
  /** Whether a line is being heard. */
  readonly speaking: () => boolean;
  /** Leaves at once. */
  readonly leave: () => void;
  readonly log: Logger;
}

export class LastWords implements Disposable {
  readonly #options: LastWordsOptions;
  /** Runs while only the line being heard is still to be said; at its end the bot leaves. */
  #timer: NodeJS.Timeout | undefined;
  #draining = false;

  constructor(options: LastWordsOptions) {
    this.#options = options;
  }

  /** Whether the process ends; then the bot leaves, whoever comes. */
  get draining(): boolean {
    return this.#draining;
  }

  /**
   * Leaves after the line being heard, because nobody is there, unless `listened` is called before. When the process
   * ends, the bot leaves anyway, and no later because of this.
   */
  deserted(): void {
    if (!this.#draining) this.#begin(DESERTED_LIMIT_MS);
  }

  /** Leaves after the line being heard, within `limitMs`, because the process ends. */
  drain(limitMs: number): void {
    this.#draining = true;
    this.#begin(limitMs);
  }

  /** Call this when somebody listens. */
  listened(): void {
    if (!this.#draining) this[Symbol.dispose]();
  }

  /** Call this when no line is being heard and none can begin now. */
  quiet(): void {
    if (this.#timer) this.#options.leave();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #begin(limitMs: number): void {
    const { speaking, leave, log } = this.#options;
    clearTimeout(this.#timer);
    this.#timer = later(log, 'last words', limitMs, leave);
    if (!speaking()) leave();
  }
}
