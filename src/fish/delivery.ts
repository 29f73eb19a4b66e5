import { Deadline } from './deadline.ts';
import { FishError } from './errors.ts';
import type { FishRoom } from './fish.ts';
import { Outbox } from './outbox.ts';
import type { Lease } from './lease.ts';
import { endedEarly, refusedInBand, type SocketEnd } from './refusal.ts';
import type { Slot } from './slots.ts';
import type { SocketEvent } from './socket.ts';
import type { Tell } from './timeline.ts';

export interface DeliveryOptions {
  room: FishRoom;
  /** Whose turn it is, by `slot`; it may have to wait for another. */
  lane: string;
  slot: Slot;
  signal: AbortSignal;
  tell: Tell;
  /** The words sent so far. */
  said: () => string;
  onEvent: (event: SocketEvent) => void;
  /** It goes out once more from here on, or is on its way again: until then Fish owes nothing. */
  onPause: () => void;
  onResume: () => void;
  /** It cannot be brought to Fish; or the socket has ended after the session had begun. */
  onFailed: (error: unknown) => void;
}

/**
 * Brings one session's frames to Fish. What proves that a session has begun there is an event of its own after our
 * `start`, and nothing else: a pong is the answer of whatever holds the socket. A session that ends before it has begun
 * is repeated, on a socket that has never carried another, until it has begun or too much time has passed.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #outbox: Outbox;
  readonly #deaf: Deadline;
  #slot: Slot | undefined;
  #lease: Lease | undefined;
  #begun = false;
  #over = false;
  /** `performance.now()`: when the present attempt was sent, and when the first that came to nothing was. */
  #sentAt = 0;
  #failingSince: number | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#slot = options.slot;
    this.#outbox = new Outbox(options.tell);
    this.#deaf = new Deadline('fish sign of life', options.room.log);
  }

  /** An event of Fish's has shown that the session began there. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The socket had been open before it was needed. */
  get reused(): boolean {
    return this.#lease?.idle ?? false;
  }

  /** Under which Fish's support finds what goes by the present socket. */
  get traceId(): string | undefined {
    return this.#lease?.socket.answer.traceId;
  }

  /** Takes a socket, with `fresh` one that has never carried a session; resolves when frames can be sent. */
  async open(fresh: boolean): Promise<void> {
    await this.#connect(fresh);
  }

  /** `bytes`: those of the words in the frame. */
  send(frame: Uint8Array, bytes = 0): void {
    this.#outbox.send(frame, bytes);
  }

  pause(): void {
    this.#lease?.socket.pause();
  }

  resume(): void {
    this.#lease?.socket.resume();
  }

  /** Something is wrong that ends the session if it has begun, else this attempt at it. */
  fail(error: FishError): void {
    const { kind } = error;
    if (this.#begun || !error.retryable) this.#failed(error);
    else this.#unwatched(this.#again(error, kind === 'timeout' ? 'silent' : 'closed'));
  }

  /** The session is over. `clean`: with a good `finish`, so that socket and slot are free at once. */
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
    // Whether it carries a second session is not known. Nothing goes out by it before it has shown that it lives.
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

  /** What was idle may be gone without a word of it. */
  #listenForLife({ socket }: Lease): void {
    const { deafMs } = this.#options.room.timings;
    if (!socket.usable) return; // its end will be told
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

  /** The attempt has come to nothing. */
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

  /** Fish has refused it because there are too many: nothing is wrong with it, and it waits for its turn once more. */
  async #wait(error: FishError): Promise<void> {
    const { room, lane, signal, onPause } = this.#options;
    const [lease, slot] = [this.#lease, this.#slot];
    if (this.#over || !lease) return;
    onPause();
    this.#leave(error);
    room.refused(error, this.#sentAt);
    room.pool.discard(lease);
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

  /** Nobody waits for another attempt: what goes wrong with it ends the session. */
  #unwatched(attempt: Promise<void>): void {
    attempt.catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (error instanceof FishError) error.traceId ??= this.traceId;
    if (!this.#over) this.#options.onFailed(error);
  }
}
