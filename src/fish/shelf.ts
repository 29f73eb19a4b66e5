import type { LiveSocket } from './socket.ts';

export interface ShelfOptions {
  idleMaxAgeMs: number;
  /** A socket that was put here to settle has settled, and is off the shelf. */
  onSettled: (socket: LiveSocket) => void;
  /** A socket left: too old, or by its own doing: it closed, spoke out of turn, or would not settle. */
  onGone: (why: 'old' | 'lost' | 'unsettled') => void;
}

interface Place {
  settling: boolean;
  timer: NodeJS.Timeout;
}

/** How long a peer may take to show that it has said all it had to say. */
const SETTLE_MS = 1_000;

/**
 * Idle sockets. None may speak here: one that does would speak into the next session, and is closed. Nor does any
 * stay longer than `idleMaxAgeMs`.
 */
export class Shelf {
  readonly #options: ShelfOptions;
  /** In the order of arrival. */
  readonly #places = new Map<LiveSocket, Place>();

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  get ready(): number {
    return this.#places.size - this.settling;
  }

  get settling(): number {
    return [...this.#places.values()].filter(place => place.settling).length;
  }

  /** Keeps a socket that may be taken at once. */
  put(socket: LiveSocket): void {
    this.#place(socket, false);
  }

  /**
   * Keeps a socket that has just finished a session. What Fish sent after its `finish` may still be on the way;
   * when a ping sent now is answered, all of it has arrived.
   */
  settle(socket: LiveSocket): void {
    this.#place(socket, true);
    socket.probe();
  }

  /** The youngest: the least likely to have been forgotten by something between Fish and us. */
  take(): LiveSocket | undefined {
    for (const [socket, place] of [...this.#places].toReversed()) {
      if (place.settling) continue;
      this.#remove(socket);
      if (socket.usable) return socket;
      socket.close();
    }
    return undefined;
  }

  /** Closes those that are ready, or all. */
  clear({ settling }: { settling: boolean }): void {
    for (const [socket, place] of this.#places) {
      if (place.settling && !settling) continue;
      this.#remove(socket);
      socket.close();
    }
  }

  #place(socket: LiveSocket, settling: boolean): void {
    const leave = (why: 'old' | 'lost' | 'unsettled') => {
      this.#remove(socket);
      socket.close();
      this.#options.onGone(why);
    };
    const lost = () => leave(settling ? 'unsettled' : 'lost');
    const timer = settling
      ? setTimeout(lost, SETTLE_MS)
      : setTimeout(() => leave('old'), this.#options.idleMaxAgeMs);
    this.#places.set(socket, { settling, timer });
    const onProbed = () => {
      if (!settling) return;
      this.#remove(socket);
      this.#options.onSettled(socket);
    };
    socket.listen({ onEvent: lost, onEnd: lost, onProbed });
  }

  #remove(socket: LiveSocket): void {
    clearTimeout(this.#places.get(socket)?.timer);
    this.#places.delete(socket);
  }
}
