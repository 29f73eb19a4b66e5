import type { LiveSocket } from './socket.ts';
import type { Tell } from './timeline.ts';

// Sends the frames of one session to Fish Audio, and keeps them until the session is known to have begun there, because
// until then all may have to be sent again by another socket. `delivery.ts` decides when, and by which socket.

interface Frame {
  readonly frame: Uint8Array;
  /** How many UTF-8 bytes of words are in the frame. */
  readonly bytes: number;
}

/** Counts the bytes of the words that it sends, and tells them as `text` events (see `timeline.ts`). */
export class Outbox {
  readonly #tell: Tell;
  #socket: LiveSocket | undefined;
  #unread: Frame[] | undefined = [];
  /** How many bytes of words were counted for the present socket. */
  #told = 0;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Sends by this socket from now on, and begins with all that was sent by the socket before it. */
  connect(socket: LiveSocket): void {
    this.#socket = socket;
    for (const each of this.#unread ?? []) this.#put(each);
  }

  /** Leaves the present socket, and takes its bytes back from the count: nothing shows that Fish has read them. */
  disconnect(): void {
    this.#socket = undefined;
    if (this.#told > 0) this.#tell({ type: 'text', at: performance.now(), bytes: -this.#told });
    this.#told = 0;
  }

  /** From now on nothing is sent. */
  end(): void {
    this.#socket = undefined;
  }

  /** The session has begun at Fish, so what was sent need not be kept any longer. */
  wasRead(): void {
    this.#unread = undefined;
  }

  /** Sends a frame. `bytes` is how many UTF-8 bytes of words are in it. */
  send(frame: Uint8Array, bytes = 0): void {
    this.#unread?.push({ frame, bytes });
    this.#put({ frame, bytes });
  }

  #put({ frame, bytes }: Frame): void {
    const socket = this.#socket;
    if (bytes > 0 && socket?.usable) {
      this.#told += bytes;
      this.#tell({ type: 'text', at: performance.now(), bytes });
    }
    socket?.send(frame);
  }
}
