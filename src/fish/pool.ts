import type { Logger } from '../log.ts';
import { insist } from '../walls.ts';
import { type Dial, Dialler } from './dialler.ts';
import { FishError } from './errors.ts';
import type { Lease } from './lease.ts';
import type { Reuse } from './reuse.ts';
import { Shelf } from './shelf.ts';
import type { LiveSocket } from './socket.ts';
import type { FishTimings } from './timings.ts';
import { Waiters } from './waiters.ts';

// The pool of live sockets to Fish Audio: opens them before they are needed, lends them to sessions, and never has more
// of them than Fish allows sessions. `shelf.ts` keeps the idle ones, `waiters.ts` has those who wait for one, and
// `dialler.ts` makes the attempts to open one.

export interface PoolOptions {
  dial: Dial;
  /** How many sockets may be open at once. Idle ones count, as Fish does not document whether they are sessions. */
  limit: number;
  reuse: Reuse;
  timings: Pick<FishTimings, 'idleMaxAgeMs' | 'probeMs' | 'quietMs' | 'dialMs' | 'busyMs'>;
  /** An attempt to open a socket, which began at `beganAt` (`performance.now()`), has failed. */
  onRefused: (error: FishError, beganAt: number) => void;
  /** A socket has been closed. */
  onClosed?: () => void;
  log: Logger;
}

/** How many idle sockets are kept where sockets are used again; where they are not, as many as are in use. */
const SPARES = 1;

/**
 * Keeps the pauses of `dial-pauses.ts` between attempts, and learns if a socket takes a second session (`reuse.ts`).
 */
export class Pool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #life = new AbortController();
  readonly #shelf: Shelf;
  readonly #dialler: Dialler;
  /** All sockets that are not closed yet: idle, carrying a session, or closing. */
  readonly #open = new Set<LiveSocket>();
  /** The sockets that carry a session. */
  readonly #leased = new Set<LiveSocket>();
  readonly #waiters = new Waiters();
  #limit: number;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limit = options.limit;
    const { idleMaxAgeMs, probeMs: refusedMs, busyMs } = options.timings;
    this.#dialler = new Dialler({
      dial: options.dial,
      refusedMs,
      busyMs,
      onOpened: socket => this.#opened(socket),
      onRefused: (error, beganAt) => this.#refused(error, beganAt),
      onDue: () => this.#supply(),
      log: options.log,
    });
    this.#shelf = new Shelf({
      idleMaxAgeMs,
      log: options.log,
      onSettled: () => this.#supply(),
      onGone: (socket, { why, used, closed }) => {
        if (used && closed) this.#refute();
        if (!used && why === 'lost') this.#dialler.lost(performance.now() - socket.openedAt);
        this.#supply();
      },
    });
    // This waits for a microtask, so that whoever makes the pool has it before its callbacks are called.
    queueMicrotask(() => this.#supplySoon());
  }

  /** How many sockets can be taken now. */
  get spares(): number {
    return this.#shelf.fresh + (this.#options.reuse.works ? this.#shelf.settled : 0);
  }

  /** How many sockets carry a session. */
  get leased(): number {
    return this.#leased.size;
  }

  /** How many sockets are open or being opened. */
  get socketCount(): number {
    return this.#open.size + this.#dialler.pending;
  }

  /** Opens the missing idle sockets, as soon as the pauses allow. */
  warm(): void {
    this.#dialler.resume();
    this.#supply();
  }

  /** Opens a socket with `dial`, to see whether that works, and keeps it as a spare. Rejects as `dial` does. */
  async probe(dial: Dial, signal: AbortSignal): Promise<void> {
    await this.#dialler.probe(dial, signal);
  }

  /**
   * Lends a spare socket, or else a new one, which may have to wait until others are closed. With `fresh` it lends only
   * a socket that has never carried a session. Rejects with a FishError or the signal's reason.
   */
  async acquire(signal: AbortSignal, { fresh = false } = {}): Promise<Lease> {
    signal.throwIfAborted();
    this.#life.signal.throwIfAborted();
    const lease = this.#waiters.count === 0 ? this.#take(fresh) : undefined;
    if (lease) {
      // The words of this session go out first; the next spare socket is opened after them.
      setImmediate(() => this.#supplySoon());
      return lease;
    }
    return await this.#waiters.wait(fresh, signal, () => this.#supply());
  }

  /** Notes that Fish has answered the session on this socket, so that the session has begun. */
  begun({ used }: Lease): void {
    this.#dialler.proven();
    if (used) this.#options.reuse.proven();
  }

  /** Takes back a socket after a good `finish`. It is kept where using it again works or may be tried, else closed. */
  finished({ socket }: Lease): void {
    const { reuse, timings } = this.#options;
    this.#leased.delete(socket);
    const crowded = this.#life.signal.aborted || this.socketCount > this.#limit;
    const wanted = reuse.works || (reuse.mayTry && !this.#candidate && this.#waiters.count === 0);
    if (crowded || !wanted || !socket.usable) socket.close();
    else this.#shelf.settle(socket, reuse.works ? 0 : timings.quietMs);
    this.#supply();
  }

  /**
   * Takes back a socket whose session has not begun. `how` tells why: the socket was `closed`; it was `silent`, though
   * it answers pings; or it was `deaf`, and answered nothing. `since` is when the session was sent
   * (`performance.now()`). If the socket died while it was idle, other idle sockets may be dead too, so those that have
   * not been heard after `since` are dropped.
   */
  failed({ socket, idle, used }: Lease, how: 'closed' | 'silent' | 'deaf', since: number): void {
    const { reuse } = this.#options;
    this.#leased.delete(socket);
    if (how === 'deaf') {
      if (used) reuse.undecided();
      socket.drop();
    } else if (used) this.#refute();
    else this.#dialler.lost(since - socket.openedAt);
    if (how === 'deaf' || (how === 'closed' && idle && !used)) this.#shelf.distrust(since);
    socket.close();
  }

  /**
   * Takes back a socket after Fish has refused its session, sent at `sentAt` (`performance.now()`), because there are
   * too many, and closes it.
   */
  refused(lease: Lease, error: FishError, sentAt: number): void {
    this.#dialler.refused(error, sentAt);
    this.discard(lease);
  }

  /** Takes back a socket after an error, or after its session was cancelled, and closes it. */
  discard({ socket, used }: Lease): void {
    if (used) this.#options.reuse.undecided();
    this.#leased.delete(socket);
    socket.close();
  }

  /** Sets how many sockets there may be, and closes idle ones that are too many. */
  setLimit(limit: number): void {
    this.#limit = limit;
    for (let over = this.socketCount - limit; over > 0; over -= 1) if (!this.#shelf.evict()) break;
    this.#supply();
  }

  /** Closes idle sockets and stops opening any, then waits until all sockets are closed, those in use included. */
  async [Symbol.asyncDispose](): Promise<void> {
    const reason = new FishError('closed', 'the pool of sockets is closed', { retryable: false });
    this.#life.abort(reason);
    this.#dialler[Symbol.dispose]();
    this.#waiters.turnAway(reason);
    this.#shelf.clear({ fresh: true });
    await Promise.all([...this.#open].map(socket => socket.closed));
  }

  /** Whether an idle socket, now or soon, can be used to try a second session. */
  get #candidate(): boolean {
    return this.#shelf.settled + this.#shelf.settling > 0;
  }

  #take(fresh: boolean): Lease | undefined {
    const { reuse } = this.#options;
    // A trial must not delay the line if it fails, so it is made only while an unused socket is ready to take over
    // (where the limit is 1 there is no room for one).
    const trial = !fresh && reuse.mayTry && (this.#shelf.fresh > 0 || this.#limit === 1);
    const used = (trial || (!fresh && reuse.works)) && this.#shelf.take({ used: true });
    if (used && trial) reuse.trying();
    const socket = used || this.#shelf.take({ used: false });
    return socket && this.#lease(socket, { idle: true, used: Boolean(used) });
  }

  #lease(socket: LiveSocket, how: { idle: boolean; used: boolean }): Lease {
    this.#leased.add(socket);
    return { socket, ...how };
  }

  /** Notes that sockets cannot be used again, and closes the idle ones that have carried a session. */
  #refute(): void {
    this.#options.reuse.refuted();
    this.#shelf.clear({ fresh: false });
  }

  /** Calls `#supply` where no caller could handle an error: what it throws is logged. */
  #supplySoon(): void {
    insist(this.#options.log, 'fish pool', () => this.#supply());
  }

  /** Opens a socket for each waiter whom no socket on its way will serve, and then the missing spares. */
  #supply(): void {
    if (this.#life.signal.aborted) return;
    this.#waiters.serve(fresh => this.#take(fresh));
    const { refusal } = this.#dialler;
    if (refusal) this.#turnAway(refusal);
    const settling = this.#options.reuse.works ? this.#shelf.settling : 0;
    const eager = this.#waiters.fresh;
    const wanted = eager + Math.max(0, this.#waiters.count - eager - settling);
    while (this.#dialler.pending < wanted && this.#hasRoom(wanted) && this.#dialler.begin(true));
    if (this.#waiters.count > 0) return;
    const { works } = this.#options.reuse;
    const target = works ? SPARES : Math.max(SPARES, this.#leased.size);
    const ahead = () => this.spares + settling + this.#dialler.pending;
    while (ahead() < target && this.socketCount < this.#limit && this.#dialler.begin(false));
  }

  /** Whether one more socket may be opened for somebody who waits. If not, idle ones are closed, to make room. */
  #hasRoom(wanted: number): boolean {
    if (this.socketCount < this.#limit) return true;
    const closing = () => this.#open.size - this.#leased.size - this.#shelf.size;
    while (closing() < wanted - this.#dialler.pending) if (!this.#shelf.evict()) break;
    return false;
  }

  #opened(socket: LiveSocket): void {
    this.#open.add(socket);
    void socket.closed.then(() => {
      this.#open.delete(socket);
      this.#supplySoon();
      this.#options.onClosed?.();
    });
    if (this.#life.signal.aborted) socket.close();
    else if (this.#waiters.count > 0)
      this.#waiters.serveFirst(this.#lease(socket, { idle: false, used: false }));
    else if (this.socketCount > this.#limit) socket.close();
    else this.#shelf.put(socket);
    this.#supply();
  }

  #refused(error: FishError, beganAt: number): void {
    if (!error.notAsked) this.#options.onRefused(error, beganAt);
    if (error.retryable) this.#tryPatience(error, beganAt);
    else this.#turnAway(error);
    this.#supply();
  }

  /** Rejects for the waiters whom no socket on its way will serve. */
  #turnAway(error: FishError): void {
    const { reuse } = this.#options;
    const hopeful = this.#dialler.pending + (reuse.works ? this.#shelf.settling : 0);
    this.#waiters.turnAway(error, hopeful);
  }

  /** Rejects for the waiters for whom the next attempt would come too late. */
  #tryPatience(error: FishError, beganAt: number): void {
    const { dialMs, busyMs } = this.#options.timings;
    const patienceMs = error.kind === 'rate-limit' ? busyMs : dialMs;
    const nextAt = performance.now() + this.#dialler.waitMs;
    this.#waiters.failed({ error, beganAt, nextAt, patienceMs });
  }
}
