import type { Logger } from '../log.ts';
import { insist } from '../walls.ts';
import { type Dial, Dialler } from './dialler.ts';
import { FishError } from './errors.ts';
import type { Lease } from './lease.ts';
import type { Reuse } from './reuse.ts';
import { Shelf } from './shelf.ts';
import type { LiveSocket } from './socket.ts';
import type { FishTimings } from './timings.ts';

type Waits = Pick<FishTimings, 'idleMaxAgeMs' | 'probeMs' | 'quietMs' | 'dialMs' | 'busyMs'>;

export interface PoolOptions {
  dial: Dial;
  /** Most sockets open at once, idle ones too: whether these count as sessions at Fish is not documented. */
  limit: number;
  reuse: Reuse;
  timings: Waits;
  /** A socket could not be opened, for a session or ahead of need. `beganAt`: `performance.now()`. */
  onRefused: (error: FishError, beganAt: number) => void;
  log: Logger;
}

interface Waiter {
  /** Takes no socket that has been used before. */
  readonly fresh: boolean;
  readonly settle: (outcome: { lease: Lease } | { reason: unknown }) => void;
  /** `performance.now()` of the first attempt that failed while this one waited. */
  failingSince?: number;
}

/** Sockets kept open ahead of need where sockets are used again. Where they are not, as many as are in use. */
const SPARES = 1;

/**
 * Sockets to Fish, open before they are needed, and never more than Fish allows sessions. Each attempt to open one,
 * whoever needs it, goes by the same pauses (`pauses.ts`). Whether sockets are used again is learned (`reuse.ts`).
 */
export class Pool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #life = new AbortController();
  readonly #shelf: Shelf;
  readonly #dialler: Dialler;
  /** Every socket that is not closed yet, whoever has it. */
  readonly #open = new Set<LiveSocket>();
  /** Those that carry a session. */
  readonly #leased = new Set<LiveSocket>();
  readonly #waiters: Waiter[] = [];
  #limit: number;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limit = options.limit;
    const { idleMaxAgeMs, probeMs: refusedMs } = options.timings;
    this.#dialler = new Dialler({
      dial: options.dial,
      refusedMs,
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
    // Not before whoever makes this one has it.
    queueMicrotask(() => this.#supplySoon());
  }

  /** Sockets ready to be taken. */
  get spares(): number {
    return this.#shelf.fresh + (this.#options.reuse.works ? this.#shelf.settled : 0);
  }

  /** Sockets that carry a session. */
  get leased(): number {
    return this.#leased.size;
  }

  /** Sockets that are open or being opened. */
  get crowd(): number {
    return this.#open.size + this.#dialler.pending;
  }

  /** Opens the spare sockets that are missing, as soon as the pauses allow. */
  warm(): void {
    this.#dialler.resume();
    this.#supply();
  }

  /** Opens a socket by `dial`, to see whether that can be done; it is kept as a spare. Rejects as `dial` does. */
  async probe(dial: Dial, signal: AbortSignal): Promise<void> {
    await this.#dialler.probe(dial, signal);
  }

  /**
   * A spare, else a new socket, which may have to wait for others to close. `fresh`: none that has carried a session.
   * Rejects with a FishError or the signal's reason.
   */
  async acquire(signal: AbortSignal, { fresh = false } = {}): Promise<Lease> {
    signal.throwIfAborted();
    this.#life.signal.throwIfAborted();
    const lease = this.#waiters.length === 0 ? this.#take(fresh) : undefined;
    if (lease) {
      // The words go first, the next spare is opened after them.
      setImmediate(() => this.#supplySoon());
      return lease;
    }
    return await new Promise<Lease>((resolve, reject) => {
      const waited = new AbortController();
      const waiter: Waiter = {
        fresh,
        settle: outcome => {
          waited.abort();
          this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
          if ('lease' in outcome) resolve(outcome.lease);
          else reject(outcome.reason);
        },
      };
      signal.addEventListener('abort', () => waiter.settle({ reason: signal.reason }), {
        signal: waited.signal,
      });
      this.#waiters.push(waiter);
      this.#supply();
    });
  }

  /** Fish has answered the session: it has begun. */
  begun({ used }: Lease): void {
    this.#dialler.proven();
    if (used) this.#options.reuse.proven();
  }

  /** After a clean finish: the socket may be used again, where that is known to work or may be tried. */
  finished({ socket }: Lease): void {
    const { reuse, timings } = this.#options;
    this.#leased.delete(socket);
    const crowded = this.#life.signal.aborted || this.crowd > this.#limit;
    const wanted = reuse.works || (reuse.mayTry && !this.#candidate && this.#waiters.length === 0);
    if (crowded || !wanted || !socket.usable) socket.close();
    else this.#shelf.settle(socket, reuse.works ? 0 : timings.quietMs);
    this.#supply();
  }

  /**
   * The session ended before it had begun, `closed` by Fish; or it is `silent`, but answers pings; or `deaf`, and
   * answers nothing. Where the socket had died in its sleep, so may have those that have not been heard since `since`,
   * when the session was sent (`performance.now()`).
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

  /** After an error or a cancel: the socket is closed, at once. */
  discard({ socket, used }: Lease): void {
    if (used) this.#options.reuse.undecided();
    this.#leased.delete(socket);
    socket.close();
  }

  /** Fish allows so many. What is idle beyond that is closed. */
  setLimit(limit: number): void {
    this.#limit = limit;
    for (let over = this.crowd - limit; over > 0; over -= 1) if (!this.#shelf.evict()) break;
    this.#supply();
  }

  /** Closes what is idle or being opened, and waits until every socket is gone, those in use too. */
  async [Symbol.asyncDispose](): Promise<void> {
    const reason = new FishError('closed', 'the pool of sockets is closed', { retryable: false });
    this.#life.abort(reason);
    this.#dialler[Symbol.dispose]();
    for (const waiter of this.#waiters.slice()) waiter.settle({ reason });
    this.#shelf.clear({ fresh: true });
    await Promise.all([...this.#open].map(socket => socket.closed));
  }

  /** A finished socket is here to be tried, or will soon be. */
  get #candidate(): boolean {
    return this.#shelf.settled + this.#shelf.settling > 0;
  }

  #take(fresh: boolean): Lease | undefined {
    const { reuse } = this.#options;
    // A trial must not cost the line anything: where there is room for it, an unused socket stands by.
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

  /** Sockets are not used again, as it seems; those that have been are of no use. */
  #refute(): void {
    this.#options.reuse.refuted();
    this.#shelf.clear({ fresh: false });
  }

  /** Outside of every call: what fails here is nobody else's. */
  #supplySoon(): void {
    insist(this.#options.log, 'fish pool', () => this.#supply());
  }

  /** Opens what is missing: a socket for each waiter that none on its way will serve, and the spares. */
  #supply(): void {
    if (this.#life.signal.aborted) return;
    this.#serve();
    const { refusal } = this.#dialler;
    if (refusal) this.#turnAway(refusal);
    const settling = this.#options.reuse.works ? this.#shelf.settling : 0;
    const eager = this.#waiters.filter(({ fresh }) => fresh).length;
    const wanted = eager + Math.max(0, this.#waiters.length - eager - settling);
    while (this.#dialler.pending < wanted && this.#hasRoom(wanted) && this.#dialler.begin(true));
    if (this.#waiters.length > 0) return;
    const { works } = this.#options.reuse;
    const target = works ? SPARES : Math.max(SPARES, this.#leased.size);
    const ahead = () => this.spares + settling + this.#dialler.pending;
    while (ahead() < target && this.crowd < this.#limit && this.#dialler.begin(false));
  }

  /** Whether one more may be opened for somebody who waits. Idle ones make room, and have to be gone first. */
  #hasRoom(wanted: number): boolean {
    if (this.crowd < this.#limit) return true;
    const closing = () => this.#open.size - this.#leased.size - this.#shelf.size;
    while (closing() < wanted - this.#dialler.pending) if (!this.#shelf.evict()) break;
    return false;
  }

  /** Gives those who wait what there is. */
  #serve(): void {
    for (const waiter of this.#waiters.slice()) {
      const lease = this.#take(waiter.fresh);
      if (lease) waiter.settle({ lease });
    }
  }

  #opened(socket: LiveSocket): void {
    this.#open.add(socket);
    void socket.closed.then(() => {
      this.#open.delete(socket);
      this.#supplySoon();
    });
    const [waiter] = this.#waiters;
    if (this.#life.signal.aborted) socket.close();
    else if (waiter) waiter.settle({ lease: this.#lease(socket, { idle: false, used: false }) });
    else if (this.crowd > this.#limit) socket.close();
    else this.#shelf.put(socket);
    this.#supply();
  }

  #refused(error: FishError, beganAt: number): void {
    if (!error.notAsked) this.#options.onRefused(error, beganAt);
    if (error.retryable) this.#tryPatience(error, beganAt);
    else this.#turnAway(error);
    this.#supply();
  }

  /** Those whom no socket on its way will serve. */
  #turnAway(error: FishError): void {
    const { reuse } = this.#options;
    const hopeful = this.#dialler.pending + (reuse.works ? this.#shelf.settling : 0);
    for (const waiter of this.#waiters.slice(hopeful)) waiter.settle({ reason: error });
  }

  /** Those for whom the next attempt would come too late. */
  #tryPatience(error: FishError, beganAt: number): void {
    const { dialMs, busyMs } = this.#options.timings;
    const patienceMs = error.kind === 'rate-limit' ? busyMs : dialMs;
    const nextAt = performance.now() + this.#dialler.waitMs;
    for (const waiter of this.#waiters.slice()) {
      waiter.failingSince ??= beganAt;
      if (nextAt - waiter.failingSince > patienceMs) waiter.settle({ reason: error });
    }
  }
}
