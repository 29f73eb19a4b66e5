import { Deadline } from './deadline.ts';
import { FishError } from './errors.ts';
import type { FishRoom } from './fish.ts';
import type { Lease } from './lease.ts';
import { Outbox } from './outbox.ts';
import { endedEarly, refusedInBand, type SocketEnd } from './refusal.ts';
import type { Slot } from './slots.ts';
import type { SocketEvent } from './socket.ts';
import type { Tell } from './timeline.ts';

// Brings the frames of one session (one utterance, from `start` to `finish`) to Fish Audio, and sends them again by
// another socket if the session did not begin. `session.ts` decides what is sent; `outbox.ts` keeps what was sent.

export interface DeliveryOptions {
  room: FishRoom;
  /** The id of the guild that speaks. With it the delivery waits for another slot, should Fish refuse the session. */
  lane: string;
  slot: Slot;
  signal: AbortSignal;
  tell: Tell;
  /** Returns the words that have been sent so far. */
  said: () => string;
  onEvent: (event: SocketEvent) => void;
  /** Fish has refused the session because there are too many. `onPause` was called. */
  onRefused: (error: FishError) => void;
  /** An attempt has failed and another one follows. Until `onResume` no answer of Fish can be expected. */
  onPause: () => void;
  /** The session has been sent once more. */
  onResume: () => void;
  /** The session could not be brought to Fish, or its socket ended after the session had begun. */
  onFailed: (error: unknown) => void;
}

/**
 * Only an event of Fish after our `start` proves that the session has begun there; a pong does not, because a proxy on
 * the way may answer pings too. A session that ends before it has begun is sent again by a socket that has never
 * carried a session, until it begins or too much time has passed.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #outbox: Outbox;
  readonly #deaf: Deadline;
  #slot: Slot | undefined;
  #lease: Lease | undefined;
  #begun = false;
  #over = false;
  /** When the present attempt was sent (`performance.now()`). */
  #sentAt = 0;
  /** When the first of the attempts that failed was sent (`performance.now()`). */
  #failingSince: number | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#slot = options.slot;
    this.#outbox = new Outbox(options.tell);
    this.#deaf = new Deadline('fish sign of life', options.room.log);
  }

  /** Whether the socket had been open before it was needed. */
  get reused(): boolean {
    return this.#lease?.idle ?? false;
  }

  /** The id by which the support of Fish Audio finds what was sent by the present socket. */
  get traceId(): string | undefined {
    return this.#lease?.socket.headers.traceId;
  }

  /** Takes a socket (with `fresh`, one that has never carried a session), and resolves when frames can be sent. */
  async open(fresh: boolean): Promise<void> {
    await this.#connect(fresh);
  }

  /** Sends a frame. `bytes` is how many UTF-8 bytes of words are in it, which is what Fish bills. */
  send(frame: Uint8Array, bytes = 0): void {
    this.#outbox.send(frame, bytes);
  }

  pause(): void {
    this.#lease?.socket.pause();
  }

  resume(): void {
    this.#lease?.socket.resume();
  }

  /** Reports a failure. It ends the session if the session has begun; otherwise it ends only the present attempt. */
  fail(error: FishError): void {
    const { kind } = error;
    if (this.#begun || !error.retryable) this.#failed(error);
    else if (kind === 'rate-limit') this.#unwatched(this.#wait(error));
    else this.#unwatched(this.#again(error, kind === 'timeout' ? 'silent' : 'closed'));
  }

  /**
   * Ends the session, and gives back its socket and slot. `clean` says that Fish has sent a good `finish`: then both
   * are free at once.
   */
  end({ clean }: { clean: boolean }): void {
    if (this.#over) return;
    this.#over = true;
    this.#deaf.clear();
    this.#outbox.end();
    const [lease, slot] = [this.#lease, this.#slot];
    const { pool } = this.#options.room;
    if (!lease || clean) slot?.release();
    if (!lease) return;
    if (clean) pool.finished(lease);
    else {
      pool.discard(lease);
      // Fish counts a session until its socket is closed, so the slot is not free before.
      void lease.socket.closed.then(() => slot?.release());
    }
  }

  async #connect(fresh: boolean): Promise<void> {
    const { room, signal, tell } = this.#options;
    const lease = await room.pool.acquire(signal, { fresh });
    if (this.#over) {
      room.pool.discard(lease);
      return;
    }
    this.#lease = lease;
    const { socket, idle, used } = lease;
    // Whether this socket carries a second session is not known, so nothing is sent by it before it answers a ping.
    const trial = used && !room.reuse.works;
    socket.listen({
      onEvent: event => this.#onEvent(event),
      onEnd: end => this.#onEnd(end),
      onProbed: () => {
        this.#deaf.clear();
        if (trial && this.#lease === lease) this.#outbox.connect(socket);
      },
    });
    this.#sentAt = performance.now();
    tell({ type: 'socket', at: this.#sentAt, reused: idle });
    if (idle) this.#listenForLife(lease);
    if (!trial) this.#outbox.connect(socket);
  }

  /** An idle socket may have died without our being told, so it has to answer something within `deafMs`. */
  #listenForLife({ socket }: Lease): void {
    const { deafMs } = this.#options.room.timings;
    if (!socket.usable) return; // `onEnd` will be called
    socket.probe();
    const why = `an idle socket to Fish Audio gave no sign of life within ${deafMs} ms`;
    this.#deaf.start(deafMs, () => this.#unwatched(this.#again(new FishError('network', why), 'deaf')));
  }

  #onEvent(event: SocketEvent): void {
    this.#deaf.clear();
    if (!this.#begun && event.type !== 'unreadable') {
      const refusal = this.#refusalOf(event);
      if (refusal?.kind === 'rate-limit') {
        this.#unwatched(this.#wait(refusal));
        return;
      }
      this.#begin();
    }
    this.#options.onEvent(event);
  }

  #refusalOf(event: SocketEvent): FishError | undefined {
    const refusing = event.type === 'error' || (event.type === 'finish' && event.reason !== 'stop');
    return refusing ? refusedInBand(event, this.#options.said()) : undefined;
  }

  #begin(): void {
    this.#begun = true;
    this.#outbox.wasRead();
    if (this.#lease) this.#options.room.pool.begun(this.#lease);
    this.#options.tell({ type: 'begun', at: performance.now() });
  }

  #onEnd(end: SocketEnd): void {
    this.fail(endedEarly(end, this.#options.said()));
  }

  /** The attempt has failed: sends the session again by another socket, unless too much time has passed. */
  async #again(error: FishError, how: 'closed' | 'silent' | 'deaf'): Promise<void> {
    const { room, onPause } = this.#options;
    const lease = this.#lease;
    if (this.#over || !lease) return;
    onPause();
    this.#leave(error);
    room.pool.failed(lease, how, this.#sentAt);
    this.#failingSince ??= this.#sentAt;
    const { kind, traceId } = error;
    room.log.warn({ kind, traceId, how, used: lease.used, idle: lease.idle }, 'a session did not begin');
    if (performance.now() - this.#failingSince > room.timings.repeatMs) throw error;
    await this.#reconnect();
  }

  /**
   * Fish has refused the session because the account has too many at once: waits for another slot, and sends it again
   * by another socket, which the pool opens after a pause.
   */
  async #wait(error: FishError): Promise<void> {
    const { room, lane, signal, onPause, onRefused } = this.#options;
    const [lease, slot] = [this.#lease, this.#slot];
    if (this.#over || !lease) return;
    onPause();
    this.#leave(error);
    onRefused(error);
    room.refused(error, this.#sentAt);
    room.pool.refused(lease, error, this.#sentAt);
    this.#slot = undefined;
    this.#failingSince ??= this.#sentAt;
    await lease.socket.closed;
    slot?.release();
    if (performance.now() - this.#failingSince > room.timings.busyMs) throw error;
    this.#slot = await room.slots.acquire(lane, signal);
    if (this.#over) this.#slot.release();
    else await this.#reconnect();
  }

  #leave(error: FishError): void {
    error.traceId ??= this.traceId;
    this.#deaf.clear();
    this.#lease = undefined;
    this.#outbox.disconnect();
  }

  async #reconnect(): Promise<void> {
    await this.#connect(true);
    if (!this.#over) this.#options.onResume();
  }

  /** Runs an attempt that no caller awaits; if it rejects, the session ends. */
  #unwatched(attempt: Promise<void>): void {
    attempt.catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (error instanceof FishError) error.traceId ??= this.traceId;
    if (!this.#over) this.#options.onFailed(error);
  }
}
