/**
 * Bytes between a socket that pushes and one consumer that pulls. It never refuses: above the bound it asks for
 * a pause, at half of it for more.
 */
export class ByteQueue {
  readonly #bound: number;
  readonly #onFull: () => void;
  readonly #onRoom: () => void;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #full = false;
  #ended: { error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: { bound: number; onFull: () => void; onRoom: () => void }) {
    this.#bound = options.bound;
    this.#onFull = options.onFull;
    this.#onRoom = options.onRoom;
  }

  push(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (!this.#full && this.#size > this.#bound) {
      this.#full = true;
      this.#onFull();
    }
    this.#wake?.();
  }

  /** No more will come. What is queued is still delivered, then the end, or the error. */
  end(ended: { error?: unknown } = {}): void {
    this.#ended ??= ended;
    this.#wake?.();
  }

  /** Forgets what is queued and ends at once. */
  cut(error: unknown): void {
    this.#chunks = [];
    this.#ended = { error };
    this.#wake?.();
  }

  /** The next bytes, or undefined at the end. One caller at a time. */
  async shift(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && !this.#ended) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    const chunk = this.#chunks.shift();
    if (chunk === undefined) {
      if (this.#ended && 'error' in this.#ended) throw this.#ended.error;
      return undefined;
    }
    this.#size -= chunk.length;
    if (this.#full && this.#size <= this.#bound / 2) {
      this.#full = false;
      this.#onRoom();
    }
    return chunk;
  }
}
