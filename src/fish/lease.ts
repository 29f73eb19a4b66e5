import type { LiveSocket } from './socket.ts';

// What the pool (`pool.ts`) lends to one session with Fish Audio: a live socket, and what is known of its past. The
// right to have a session at all is a slot (`slots.ts`).

/** A lent socket is given back by the pool's `finished`, `failed` or `discard`. */
export interface Lease {
  readonly socket: LiveSocket;
  /** The socket was open before somebody asked for it, so it may have died unnoticed. */
  readonly idle: boolean;
  /** The socket has carried another session before. */
  readonly used: boolean;
}
