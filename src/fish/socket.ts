import type { WebSocket } from 'ws';
import type { Logger } from '../log.ts';
import { insist, walled } from '../walls.ts';
import type { Answer } from './answer.ts';
import { FishError } from './errors.ts';
import { decodeEvent, type FishEvent } from './protocol.ts';
import { brokenSocket, type SocketEnd } from './refusal.ts';

/** `unreadable`: a frame that is not the protocol's; the listener decides how many are too many. */
export type SocketEvent = FishEvent | { type: 'unreadable' };

/** Whoever holds the socket hears it: the pool while it is idle, a session while it speaks. */
export interface SocketListener {
  onEvent(event: SocketEvent): void;
  /** Once, and nothing after it. */
  onEnd(end: SocketEnd): void;
  /** The answer to `probe()`. */
  onProbed?(): void;
}

export interface LiveSocketOptions {
  readonly timings: { readonly pingMs: number; readonly pongMs: number };
  readonly log: Logger;
}

const NORMAL_CLOSURE = 1000;
const ABNORMAL_CLOSURE = 1006;
const PROBE = 'probe';

/** One open WebSocket to Fish. Born open; its end is told once, to the listener of that moment. */
export class LiveSocket {
  /** Resolves when the connection is gone, at most `CLOSE_MS` (see `dial.ts`) after `close()`. */
  readonly closed: Promise<void>;
  /** What Fish told when it was opened. */
  readonly answer: Answer;
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

  constructor(ws: WebSocket, answer: Answer, { timings, log }: LiveSocketOptions) {
    this.#ws = ws;
    this.answer = answer;
    this.#log = log;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    const ping = () => walled(log, 'fish ping', () => this.#ping(timings.pongMs));
    this.#pinger = setInterval(ping, timings.pingMs);
    // A frame that was not taken in is as good as lost: what it was part of is not whole any more.
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

  /** Open, and it has not spoken out of turn. */
  get usable(): boolean {
    return this.#ws.readyState === this.#ws.OPEN && !this.#end && !this.#spokeToNobody;
  }

  /** When the last sign of life came: `performance.now()`. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** From now on this listener hears the socket; if it has ended already, it is told so. */
  listen(listener: SocketListener): void {
    this.#listener = listener;
    const end = this.#end;
    if (end) queueMicrotask(() => insist(this.#log, 'fish socket closed', () => listener.onEnd(end)));
  }

  /** A send that cannot be is an end like any other, and told as such. */
  send(frame: Uint8Array): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(frame);
    else this.#ended({ code: ABNORMAL_CLOSURE, reason: '', failure: this.#failure });
  }

  /** Asks for a pong: when it comes, all that Fish had said until then has been heard. */
  probe(): void {
    this.#ws.ping(PROBE);
  }

  /** Stops reading; TCP then stops Fish. */
  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#heard();
    this.#ws.resume();
  }

  /** Closes politely, by force after `CLOSE_MS`. What still comes is dropped. */
  close(): void {
    this.#listener = undefined;
    if (this.#ws.isPaused) this.#ws.resume();
    this.#ws.close(NORMAL_CLOSURE);
  }

  /** Ends it here and now: nobody is there any more to say goodbye to. */
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
    // Whoever listens counts these; the reason is of no use to anyone and may hold what was said.
    return { type: 'unreadable' };
  }
}
