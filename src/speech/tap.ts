import { unlessAborted } from '../unless-aborted.ts';

/**
 * Decides whether words may be sent to Fish Audio. It is shut while nobody would hear what is made of them, because
 * each word is paid for. Whoever sends words waits until it is open, and is told when it is shut.
 */
export class Tap {
  readonly #mayFlow: () => boolean;
  readonly #listeners = new Set<() => void>();
  #open: boolean;
  #turned = Promise.withResolvers<void>();

  /** `mayFlow` tells whether words may be sent now. */
  constructor(mayFlow: () => boolean) {
    this.#mayFlow = mayFlow;
    this.#open = mayFlow();
  }

  get open(): boolean {
    return this.#mayFlow();
  }

  /** Call this when the result of `mayFlow` may have changed. */
  look(): void {
    const open = this.#mayFlow();
    if (open === this.#open) return;
    this.#open = open;
    this.#turned.resolve();
    this.#turned = Promise.withResolvers();
    if (!open) for (const listener of this.#listeners) listener();
  }

  /** Resolves when it is open. Rejects with the signal's reason. */
  async opened(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (!this.open) await unlessAborted(this.#turned.promise, signal);
  }

  /** Calls `listener` each time when the tap is shut, until what it returns is disposed of. */
  onShut(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }
}
