import type { LiveSocket } from './socket.ts';
import type { Tell } from './timeline.ts';

interface Frame {
  readonly frame: Uint8Array;
  /** UTF-8 bytes of words in it. */
  readonly bytes: number;
}

/**
 * The frames of one session on their way to Fish, and the count of its words. What was sent is kept until Fish is
 * known to have read something: a pooled socket may turn out to be dead, and then all is sent once more.
 */
export class Outbox {
  readonly #tell: Tell;
  #socket: LiveSocket | undefined;
  #unread: Frame[] | undefined = [];
  /** Bytes told for this socket. */
  #told = 0;
  #probe = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Nothing shows that Fish has read any of it. */
  get isUnread(): boolean {
    return this.#unread !== undefined;
  }

  /** Sends by this socket from now on, first of all what went to the one before. `reused`: it may be dead. */
  connect(socket: LiveSocket, reused: boolean): void {
    this.#socket = socket;
    this.#probe = reused;
    for (const each of this.#unread ?? []) this.#put(each);
  }

  /** The socket was dead: what it was given has not been sent. */
  disconnect(): void {
    this.#socket = undefined;
    if (this.#told > 0) this.#tell({ type: 'text', at: performance.now(), bytes: -this.#told });
    this.#told = 0;
  }

  /** Sends nothing any more. */
  end(): void {
    this.#socket = undefined;
  }

  /** Fish has answered, be it with a pong. */
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
    if (!this.#probe || bytes === 0 || !socket?.usable) return;
    // A pong to this, and Fish has read the words before it: should the socket end now, they were not lost.
    this.#probe = false;
    socket.probe();
  }
}
