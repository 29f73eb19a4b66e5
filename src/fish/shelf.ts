import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import type { LiveSocket } from './socket.ts';

// Keeps the idle sockets to Fish Audio for the pool (`pool.ts`), and closes those that are too old or have become
// unsafe to use. When a socket that has carried a session is ready for another is decided here.

/**
 * Why a socket has left the shelf: it was too `old`; it was `lost`, as it closed or something came by it; or it was
 * `unsettled`, as that happened, or nothing at all, before it was ready for a second session.
 */
type Leaving = 'old' | 'lost' | 'unsettled';

export interface ShelfOptions {
  idleMaxAgeMs: number;
  log: Logger;
  /** A socket that was put here by `settle` is ready to be taken. */
  onSettled: (socket: LiveSocket) => void;
  /** A socket has left by itself. `closed` says that its connection had ended. */
  onGone: (socket: LiveSocket, how: { why: Leaving; used: boolean; closed: boolean }) => void;
}

interface Place {
  /** Whether the socket has carried a session. */
  readonly used: boolean;
  ready: boolean;
  timer: NodeJS.Timeout;
}

/** How long, in milliseconds, Fish may take to answer the ping that shows that nothing more comes after `finish`. */
const SETTLE_MS = 1_000;

/**
 * If something comes by an idle socket, the socket is closed, because what follows might be taken for the answer to the
 * next session. No socket stays longer than `idleMaxAgeMs`.
 */
export class Shelf {
  readonly #options: ShelfOptions;
  /** In the order of arrival. */
  readonly #places = new Map<LiveSocket, Place>();

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#places.size;
  }

  /** How many sockets here have never carried a session. */
  get fresh(): number {
    return this.#count(({ used }) => !used);
  }

  /** How many sockets here have carried a session, and are ready for another. */
  get settled(): number {
    return this.#count(({ used, ready }) => used && ready);
  }

  /** How many sockets here have carried a session, and are not ready for another yet. */
  get settling(): number {
    return this.#count(({ ready }) => !ready);
  }

  /** Keeps a socket that has carried no session. */
  put(socket: LiveSocket): void {
    this.#place(socket, false);
  }

  /**
   * Keeps a socket that has just finished a session. Something that Fish sent after its `finish` may still be on the
   * way, so a ping is sent: when it is answered, all of that has arrived. The socket is ready `quietMs` after that
   * answer.
   */
  settle(socket: LiveSocket, quietMs: number): void {
    this.#place(socket, true, quietMs);
    socket.probe();
  }

  /**
   * Takes the ready socket that came last, since a proxy or router on the way to Fish is least likely to have dropped
   * it. Returns undefined where there is none.
   */
  take({ used }: { used: boolean }): LiveSocket | undefined {
    for (const [socket, place] of [...this.#places].toReversed()) {
      if (!place.ready || place.used !== used) continue;
      this.#remove(socket);
      if (socket.usable) return socket;
      socket.close();
    }
    return undefined;
  }

  /** Closes the least useful socket (not ready, or used before); returns false where there is no socket. */
  evict(): boolean {
    const worth = ({ ready, used }: Place) => Number(ready) + Number(!used);
    const [least] = [...this.#places].toSorted(([, a], [, b]) => worth(a) - worth(b));
    if (!least) return false;
    this.#remove(least[0]);
    least[0].close();
    return true;
  }

  /** Drops the sockets by which nothing has come after `since` (`performance.now()`), because they may be dead. */
  distrust(since: number): void {
    for (const socket of this.#places.keys()) {
      if (socket.heardAt >= since) continue;
      this.#remove(socket);
      socket.drop();
    }
  }

  /** Closes the sockets that have carried a session; with `fresh` it closes all others too. */
  clear({ fresh }: { fresh: boolean }): void {
    for (const [socket, { used }] of this.#places) {
      if (!used && !fresh) continue;
      this.#remove(socket);
      socket.close();
    }
  }

  #count(which: (place: Place) => boolean): number {
    return [...this.#places.values()].filter(which).length;
  }

  #place(socket: LiveSocket, used: boolean, quietMs = 0): void {
    const leave = (why: Leaving, closed: boolean) => {
      this.#remove(socket);
      socket.close();
      this.#options.onGone(socket, { why, used, closed });
    };
    const lost = (closed: boolean) => leave(place.ready ? 'lost' : 'unsettled', closed);
    const { idleMaxAgeMs, log } = this.#options;
    const wait = (ms: number, run: () => void) => later(log, 'fish idle socket', ms, run);
    const old = () => wait(idleMaxAgeMs, () => leave('old', false));
    const settled = () => {
      clearTimeout(place.timer);
      place.ready = true;
      place.timer = old();
      this.#options.onSettled(socket);
    };
    const place: Place = {
      used,
      ready: !used,
      timer: used ? wait(SETTLE_MS, () => lost(false)) : old(),
    };
    this.#places.set(socket, place);
    const onProbed = () => {
      if (place.ready) return;
      clearTimeout(place.timer);
      if (quietMs === 0) settled();
      else place.timer = wait(quietMs, settled);
    };
    socket.listen({ onEvent: () => lost(false), onEnd: () => lost(true), onProbed });
  }

  #remove(socket: LiveSocket): void {
    clearTimeout(this.#places.get(socket)?.timer);
    this.#places.delete(socket);
  }
}
