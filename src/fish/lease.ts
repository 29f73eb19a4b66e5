import type { LiveSocket } from './socket.ts';

/** A socket for one session: it goes back with `finished`, `failed` or `discard`. */
export interface Lease {
  readonly socket: LiveSocket;
  /** It was open before it was asked for, and may have died unnoticed. */
  readonly idle: boolean;
  /** It has carried a session before this one. */
  readonly used: boolean;
}
