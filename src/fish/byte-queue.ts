/**
 * Holds bytes between a socket, which pushes them, and one consumer, which pulls them. It never refuses bytes: when it
 * holds more than the bound it calls `onFull`, and when it is down to half of the bound it calls `onRoom`.
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

  /** Says that no more bytes will come. The consumer still gets what is queued, and then the end or the error. */
  end(ended: { error?: unknown } = {}): void {
    this.#ended ??= ended;
    this.#wake?.();
  }

  /** Forgets what is queued, so that the consumer gets the error at once. */
  cut(error: unknown): void {
    this.#chunks = [];
    this.#ended = { error };
    this.#wake?.();
  }

  /** Waits for the next bytes; undefined means the end. Only one caller may wait at a time. */
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
