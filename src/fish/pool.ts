import { FishError } from './errors.ts';
import { Shelf } from './shelf.ts';
import type { LiveSocket } from './socket.ts';

export interface PoolOptions {
  /** Opens a socket; rejects with a FishError, or the reason of the signal. */
  dial: (signal: AbortSignal) => Promise<LiveSocket>;
  /** Most sockets open at once. */
  limit: number;
  /** How many are kept open ahead of need. */
  spares: number;
  idleMaxAgeMs: number;
  /** A socket could not be opened, for a session or ahead of need. */
  onRefused: (error: FishError) => void;
}

/** A socket for one session: given back with `release` after a clean finish, else with `discard`. */
export interface Lease {
  socket: LiveSocket;
  /** It was open before it was asked for. */
  reused: boolean;
}

interface Waiter {
  /** Takes no socket that has been used before. */
  fresh: boolean;
  settle: (outcome: { lease: Lease } | { reason: unknown }) => void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;

/**
 * Sockets to Fish, open before they are needed. A spare that closes is replaced, at once the first time and with
 * a growing delay while that goes on; after a refusal that will not pass by itself nothing is opened ahead of
 * need until somebody asks.
 */
export class Pool implements AsyncDisposable {
  readonly #options: PoolOptions;
  readonly #life = new AbortController();
  readonly #shelf: Shelf;
  /** Every socket that is not closed yet, whoever has it. */
  readonly #open = new Set<LiveSocket>();
  readonly #waiters: Waiter[] = [];
  #dialing = 0;
  #limit: number;
  #target: number;
  #failures = 0;
  #halted = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limit = options.limit;
    this.#target = options.spares;
    this.#shelf = new Shelf({
      idleMaxAgeMs: options.idleMaxAgeMs,
      onSettled: socket => this.#arrived({ socket, reused: true }),
      onGone: why => {
        if (why === 'old') this.#failures = 0;
        if (why === 'lost') this.#wait();
        this.#supply();
      },
    });
    this.#supply();
  }

  /** Sockets ready to be taken. */
  get spares(): number {
    return this.#shelf.ready;
  }

  /** Opens the spare sockets that are missing, now, whatever happened before. */
  warm(): void {
    this.#halted = false;
    clearTimeout(this.#retry);
    this.#resupply();
  }

  /**
   * A spare, else a new socket. `fresh`: a spare was found dead, so those of its age are not trusted either.
   * Rejects with a FishError or the signal's reason.
   */
  async acquire(signal: AbortSignal, { fresh = false } = {}): Promise<Lease> {
    signal.throwIfAborted();
    this.#life.signal.throwIfAborted();
    if (fresh) this.#shelf.clear({ settling: false });
    const socket = fresh ? undefined : this.#shelf.take();
    if (socket) {
      // The words go first, the next spare is opened after them.
      setImmediate(() => this.#supply());
      return { socket, reused: true };
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

  /** After a clean finish: the socket may be used again. */
  release(socket: LiveSocket): void {
    this.#failures = 0;
    if (this.#life.signal.aborted || !socket.usable || this.#crowd > this.#limit) this.discard(socket);
    else this.#shelf.settle(socket);
  }

  /** After an error or a cancel: the socket is closed, at once. */
  discard(socket: LiveSocket): void {
    socket.close();
    void socket.closed.then(() => this.#supply());
  }

  /** Fish allows fewer. Idle sockets may count there, so they go, and none is opened ahead of need any more. */
  shrink(limit: number): void {
    this.#limit = Math.min(this.#limit, limit);
    this.#target = 0;
    this.#shelf.clear({ settling: true });
    this.#supply();
  }

  /** Closes what is idle or being opened, and waits until every socket is gone, those in use too. */
  async [Symbol.asyncDispose](): Promise<void> {
    const reason = new FishError('closed', 'the pool of sockets is closed', { retryable: false });
    this.#life.abort(reason);
    clearTimeout(this.#retry);
    for (const waiter of this.#waiters.slice()) waiter.settle({ reason });
    this.#shelf.clear({ settling: true });
    await Promise.all([...this.#open].map(socket => socket.closed));
  }

  get #crowd(): number {
    return this.#open.size + this.#dialing;
  }

  /** Opens what is missing: a socket for each waiter that none on its way will serve, and the spares. */
  #supply(): void {
    if (this.#life.signal.aborted) return;
    const eager = this.#waiters.filter(({ fresh }) => fresh).length;
    const patient = Math.max(0, this.#waiters.length - eager - this.#shelf.settling);
    while (this.#dialing < eager + patient) void this.#dial();
    if (this.#halted || this.#retry) return;
    const ahead = () => this.#shelf.ready + this.#shelf.settling + this.#dialing - this.#waiters.length;
    while (ahead() < this.#target && this.#crowd < this.#limit) void this.#dial();
  }

  async #dial(): Promise<void> {
    this.#dialing += 1;
    try {
      const socket = await this.#options.dial(this.#life.signal);
      this.#dialing -= 1;
      this.#halted = false;
      this.#open.add(socket);
      void socket.closed.then(() => this.#open.delete(socket));
      if (this.#life.signal.aborted) socket.close();
      else this.#arrived({ socket, reused: false });
    } catch (error) {
      this.#dialing -= 1;
      const failure = new FishError('network', 'the socket to Fish Audio could not be opened');
      if (!this.#life.signal.aborted) this.#refused(error instanceof FishError ? error : failure);
    }
  }

  /** A socket is ready: for who has waited longest, else as a spare. */
  #arrived(lease: Lease): void {
    const waiter = this.#waiters.find(({ fresh }) => !(fresh && lease.reused));
    if (waiter) waiter.settle({ lease });
    else if (this.#crowd > this.#limit) lease.socket.close();
    else this.#shelf.put(lease.socket);
    this.#supply();
  }

  #refused(error: FishError): void {
    this.#options.onRefused(error);
    this.#halted = !error.retryable;
    this.#failures = Math.max(1, this.#failures);
    this.#wait();
    if (this.#waiters.length > this.#dialing + this.#shelf.settling)
      this.#waiters[0]?.settle({ reason: error });
    this.#supply();
  }

  /** Puts off what is opened ahead of need: not at all after a first loss, then 0.5 s, 1 s, 2 s … */
  #wait(): void {
    const ms = this.#failures === 0 ? 0 : FIRST_RETRY_MS * 2 ** (this.#failures - 1);
    this.#failures += 1;
    clearTimeout(this.#retry);
    const jitter = 0.5 + Math.random() / 2;
    this.#retry = setTimeout(() => this.#resupply(), Math.min(ms, LONGEST_RETRY_MS) * jitter);
  }

  #resupply(): void {
    this.#retry = undefined;
    this.#supply();
  }
}
