import type { FishError, FishErrorKind } from './errors.ts';

// Counts what fails with Fish Audio, for `/status` and the metrics, and remembers the last failure.

export class FailureCounts {
  readonly #byKind: Partial<Record<FishErrorKind, number>> = {};
  /** A socket that is refused fails the line that waits for it with the same error, which counts once. */
  readonly #counted = new WeakSet<FishError>();
  #last: FishError | null = null;

  /** The last failure. The next success makes it null. */
  get last(): FishError | null {
    return this.#last;
  }

  /** How many sessions and attempts to open a socket have failed since the process began, by kind. */
  get byKind(): Readonly<Partial<Record<FishErrorKind, number>>> {
    return this.#byKind;
  }

  /** Notes that an attempt to open a socket, or an utterance, failed. */
  failed(error: FishError): void {
    this.#last = error;
    if (error.notAsked || this.#counted.has(error)) return;
    this.#counted.add(error);
    this.#byKind[error.kind] = (this.#byKind[error.kind] ?? 0) + 1;
  }

  /** Notes that a socket was opened. */
  connected(): void {
    if (this.#last?.phase === 'connect') this.#last = null;
  }

  /** Notes that an utterance went well. */
  spoke(): void {
    this.#last = null;
  }
}
