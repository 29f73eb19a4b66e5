/** The right to have one session at Fish. It is given back once; further calls of `release` do nothing. */
export interface Slot {
  release(): void;
}

interface Waiter {
  grant: () => void;
}

/**
 * Shares a limited number of sessions fairly between lanes (each guild is a lane).
 *
 * A free slot goes to the waiting lane that has the fewest sessions now. If several have equally few, it goes to the
 * one whose last turn was longest ago. Within a lane, whoever came first is served first.
 */
export class Slots {
  #limit: number;
  #inFlight = 0;
  #waiting = 0;
  readonly #running = new Map<string, number>();
  /** The lanes that wait, in the order in which they are served. */
  readonly #lanes = new Map<string, Waiter[]>();

  constructor(limit: number) {
    this.#limit = Math.max(1, Math.floor(limit));
  }

  get limit(): number {
    return this.#limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Changes the limit, which is at least 1. Sessions under way go on; no new one begins until there is room. */
  setLimit(limit: number): void {
    this.#limit = Math.max(1, Math.floor(limit));
    this.#serve();
  }

  /** Waits until it is this lane's turn. Rejects with the signal's reason; then no slot is taken. */
  acquire(lane: string, signal: AbortSignal): Promise<Slot> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const leave = () => {
        this.#leave(lane, waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        grant: () => {
          signal.removeEventListener('abort', leave);
          resolve(this.#occupy(lane));
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      const queue = this.#lanes.get(lane);
      if (queue) queue.push(waiter);
      else this.#lanes.set(lane, [waiter]);
      this.#waiting += 1;
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#inFlight < this.#limit) {
      const lane = this.#next();
      if (lane === undefined) return;
      const [waiter, ...rest] = this.#lanes.get(lane) ?? [];
      this.#toTheEnd(lane, rest);
      this.#waiting -= 1;
      waiter?.grant();
    }
  }

  #next(): string | undefined {
    let best: string | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes.keys()) {
      const running = this.#running.get(lane) ?? 0;
      if (running < fewest) [best, fewest] = [lane, running];
    }
    return best;
  }

  #occupy(lane: string): Slot {
    this.#inFlight += 1;
    this.#running.set(lane, (this.#running.get(lane) ?? 0) + 1);
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      this.#inFlight -= 1;
      const left = (this.#running.get(lane) ?? 1) - 1;
      if (left > 0) this.#running.set(lane, left);
      else this.#running.delete(lane);
      const queue = this.#lanes.get(lane);
      if (queue) this.#toTheEnd(lane, queue);
      this.#serve();
    };
    return { release };
  }

  /** Puts a lane behind all other lanes that wait, because its turn has begun or is over. */
  #toTheEnd(lane: string, queue: Waiter[]): void {
    this.#lanes.delete(lane);
    if (queue.length > 0) this.#lanes.set(lane, queue);
  }

  #leave(lane: string, waiter: Waiter): void {
    const left = (this.#lanes.get(lane) ?? []).filter(each => each !== waiter);
    this.#waiting -= 1;
    if (left.length > 0) this.#lanes.set(lane, left);
    else this.#lanes.delete(lane);
  }
}
