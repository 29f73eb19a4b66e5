import type { WebSocket } from 'ws';
import type { Logger } from '../log.ts';
import { insist, walled } from '../walls.ts';
import { FishError } from './errors.ts';
import type { FishHeaders } from './headers.ts';
import { decodeEvent, type FishEvent } from './protocol.ts';
import { brokenSocket, type SocketEnd } from './refusal.ts';

// One open WebSocket to Fish Audio: sends and receives frames, notices when the connection has died, and tells one
// listener. `dial.ts` opens it; the listener is `shelf.ts` while it is idle, and else `delivery.ts`.

/**
 * What comes by a socket: an event of Fish, or a frame that does not follow the protocol (`unreadable`). The listener
 * decides how many unreadable frames are too many.
 */
export type SocketEvent = FishEvent | { type: 'unreadable' };

/** Hears what comes by a socket. That is the shelf of the pool while the socket is idle, else a session's delivery. */
export interface SocketListener {
  onEvent(event: SocketEvent): void;
  /** Called once; nothing is called after it. */
  onEnd(end: SocketEnd): void;
  /** The answer to `probe()` has come. */
  onProbed?(): void;
}

export interface LiveSocketOptions {
  readonly timings: { readonly pingMs: number; readonly pongMs: number };
  readonly log: Logger;
}

const NORMAL_CLOSURE = 1000;
const ABNORMAL_CLOSURE = 1006;
const PROBE = 'probe';

/** A socket that is open from the start. Whoever listens when it ends is told so, once. */
export class LiveSocket {
  /** Resolves when the connection is gone, which is at most `CLOSE_MS` (see `dial.ts`) after `close()`. */
  readonly closed: Promise<void>;
  /** What Fish told in the headers when it opened this socket. */
  readonly headers: FishHeaders;
  /** `performance.now()`. */
  readonly openedAt = performance.now();
  readonly #ws: WebSocket;
  readonly #log: Logger;
  readonly #pinger: NodeJS.Timeout;
  #listener: SocketListener | undefined;
  #end: SocketEnd | undefined;
  #failure: FishError | undefined;
  #spokeToNobody = false;
  #heardAt = performance.now();

  constructor(ws: WebSocket, headers: FishHeaders, { timings, log }: LiveSocketOptions) {
    this.#ws = ws;
    this.headers = headers;
    this.#log = log;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    const ping = () => walled(log, 'fish ping', () => this.#ping(timings.pongMs));
    this.#pinger = setInterval(ping, timings.pingMs);
    // If the handling of a frame throws, a part of the session is missing, so the socket cannot be used any longer.
    const lost = () => {
      this.#failure ??= new FishError('protocol', 'a frame of Fish Audio was not taken in');
      ws.terminate();
    };
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      walled(log, 'fish frame', () => this.#onFrame(data, isBinary), lost);
    });
    ws.on('ping', () => this.#heard());
    ws.on('pong', payload => {
      this.#heard();
      if (payload.toString() === PROBE) insist(log, 'fish pong', () => this.#listener?.onProbed?.());
    });
    ws.on('error', error => {
      this.#failure ??= brokenSocket(error);
    });
    ws.on('close', (code, reason) => {
      const end = { code, reason: reason.toString(), failure: this.#failure };
      insist(log, 'fish socket closed', () => this.#ended(end));
      resolve();
    });
  }

  /** Whether it is open, and nothing has come by it while nobody listened. */
  get usable(): boolean {
    return this.#ws.readyState === this.#ws.OPEN && !this.#end && !this.#spokeToNobody;
  }

  /** When something last came by this socket, a ping or pong included (`performance.now()`). */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** From now on this listener hears the socket, in place of the one before. If the socket has ended, it is told so. */
  listen(listener: SocketListener): void {
    this.#listener = listener;
    const end = this.#end;
    if (end) queueMicrotask(() => insist(this.#log, 'fish socket closed', () => listener.onEnd(end)));
  }

  /** Sends a frame. If the socket is not open any more, the listener's `onEnd` is called. */
  send(frame: Uint8Array): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(frame);
    else this.#ended({ code: ABNORMAL_CLOSURE, reason: '', failure: this.#failure });
  }

  /** Sends a ping. When its pong comes (`onProbed`), all that Fish had sent before has been heard. */
  probe(): void {
    this.#ws.ping(PROBE);
  }

  /** Stops reading, so that TCP stops Fish from sending more. */
  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#heard();
    this.#ws.resume();
  }

  /**
   * Closes with the closing handshake, and by force if that takes longer than `CLOSE_MS`. What still comes is dropped.
   */
  close(): void {
    this.#listener = undefined;
    if (this.#ws.isPaused) this.#ws.resume();
    this.#ws.close(NORMAL_CLOSURE);
  }

  /** Cuts the connection without a handshake, because the other side does not answer any more. */
  drop(): void {
    this.#listener = undefined;
    this.#ws.terminate();
  }

  #onFrame(data: Buffer, isBinary: boolean): void {
    this.#heard();
    if (this.#ws.readyState !== this.#ws.OPEN && !this.#listener) return;
    if (!this.#listener) this.#spokeToNobody = true;
    this.#listener?.onEvent(isBinary ? read(data) : { type: 'unreadable' });
  }

  #heard(): void {
    this.#heardAt = performance.now();
  }

  #ping(pongMs: number): void {
    if (this.#ws.isPaused || this.#ws.readyState !== this.#ws.OPEN) return;
    if (performance.now() - this.#heardAt < pongMs) {
      this.#ws.ping();
      return;
    }
    this.#failure = new FishError('timeout', `Fish Audio answered no ping for ${pongMs} ms`);
    this.#ws.terminate();
  }

  #ended(end: SocketEnd): void {
    clearInterval(this.#pinger);
    if (this.#end) return;
    this.#end = end;
    this.#listener?.onEnd(end);
  }
}

function read(data: Uint8Array): SocketEvent {
  try {
    return decodeEvent(data);
  } catch {
    // The listener counts unreadable frames. The error is not kept: nobody needs it, and it may hold spoken text.
    return { type: 'unreadable' };
  }
}
