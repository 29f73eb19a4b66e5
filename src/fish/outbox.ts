import type { LiveSocket } from './socket.ts';
import type { Tell } from './timeline.ts';

interface Frame {
  readonly frame: Uint8Array;
  /** UTF-8 bytes of words in it. */
  readonly bytes: number;
}

/**
 * The frames of one session on their way to Fish, and the count of its words. What was sent is kept until the session
 * is known to have begun at Fish: until then it may have to be sent once more, by another socket.
 */
export class Outbox {
  readonly #tell: Tell;
  #socket: LiveSocket | undefined;
  #unread: Frame[] | undefined = [];
  /** Bytes told for this socket. */
  #told = 0;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Sends by this socket from now on, first of all what went to the one before. */
  connect(socket: LiveSocket): void {
    this.#socket = socket;
    for (const each of this.#unread ?? []) this.#put(each);
  }

  /** The session has not begun there: nothing shows that Fish has read what the socket was given. */
  disconnect(): void {
    this.#socket = undefined;
    if (this.#told > 0) this.#tell({ type: 'text', at: performance.now(), bytes: -this.#told });
    this.#told = 0;
  }

  /** Sends nothing any more. */
  end(): void {
    this.#socket = undefined;
  }

  /** The session has begun at Fish. */
  wasRead(): void {
    this.#unread = undefined;
  }

  /** `bytes`: those of the words in the frame. */
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
