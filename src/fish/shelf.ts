import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import type { LiveSocket } from './socket.ts';

/** Why a socket left: too old; by its own doing, closed or having spoken out of turn; or it would not settle. */
type Leaving = 'old' | 'lost' | 'unsettled';

export interface ShelfOptions {
  idleMaxAgeMs: number;
  log: Logger;
  /** A socket that was put here to settle is ready. */
  onSettled: (socket: LiveSocket) => void;
  /** `closed`: it was ended by the other side. */
  onGone: (socket: LiveSocket, how: { why: Leaving; used: boolean; closed: boolean }) => void;
}

interface Place {
  /** It has carried a session. */
  readonly used: boolean;
  ready: boolean;
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

  get size(): number {
    return this.#places.size;
  }

  /** Sockets that have never carried a session. */
  get fresh(): number {
    return this.#count(({ used }) => !used);
  }

  /** Sockets that have, and have settled since. */
  get settled(): number {
    return this.#count(({ used, ready }) => used && ready);
  }

  get settling(): number {
    return this.#count(({ ready }) => !ready);
  }

  /** Keeps a socket that has carried no session. */
  put(socket: LiveSocket): void {
    this.#place(socket, false);
  }

  /**
   * Keeps a socket that has just finished a session. What Fish sent after its `finish` may still be on the way; when
   * a ping sent now is answered, all of it has arrived. It is ready then, but not before `quietMs` have passed.
   */
  settle(socket: LiveSocket, quietMs: number): void {
    this.#place(socket, true, quietMs);
    socket.probe();
  }

  /** The youngest that is ready: the least likely to have been forgotten by something between Fish and us. */
  take({ used }: { used: boolean }): LiveSocket | undefined {
    for (const [socket, place] of [...this.#places].toReversed()) {
      if (!place.ready || place.used !== used) continue;
      this.#remove(socket);
      if (socket.usable) return socket;
      socket.close();
    }
    return undefined;
  }

  /** Closes the one that is missed least; false where there is none. */
  evict(): boolean {
    const worth = ({ ready, used }: Place) => Number(ready) + Number(!used);
    const [least] = [...this.#places].toSorted(([, a], [, b]) => worth(a) - worth(b));
    if (!least) return false;
    this.#remove(least[0]);
    least[0].close();
    return true;
  }

  /** Drops those that have given no sign of life since `since` (`performance.now()`): they may be as dead as another. */
  distrust(since: number): void {
    for (const socket of this.#places.keys()) {
      if (socket.heardAt >= since) continue;
      this.#remove(socket);
      socket.drop();
    }
  }

  /** Closes those that have carried a session, or all. */
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
