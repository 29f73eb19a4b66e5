import type { LiveSocket } from './socket.ts';

/** A socket lent by the pool for one session. It is given back by the pool's `finished`, `failed` or `discard`. */
export interface Lease {
  readonly socket: LiveSocket;
  /** The socket was open before somebody asked for it, so it may have died unnoticed. */
  readonly idle: boolean;
  /** The socket has carried another session before. */
  readonly used: boolean;
}
