/**
 * Whether words may go to Fish Audio: while nobody would hear what is made of them, none are sent, since each is paid
 * for. Whoever sends words waits until it is open, and is told when it is shut.
 */
export class Tap {
  readonly #mayFlow: () => boolean;
  readonly #listeners = new Set<() => void>();
  #open: boolean;
  #turned = Promise.withResolvers<void>();

  /** `mayFlow`: how things are now. */
  constructor(mayFlow: () => boolean) {
    this.#mayFlow = mayFlow;
    this.#open = mayFlow();
  }

  get open(): boolean {
    return this.#mayFlow();
  }

  /** Things may have changed. */
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
    if (this.open) return;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      while (!this.open) await Promise.race([this.#turned.promise, aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** `listener` is called whenever it is shut. Returns what ends that. */
  onShut(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }
}
