/** The right to one session in flight at Fish. Given back once; further calls do nothing. */
export interface Slot {
  release(): void;
}

interface Waiter {
  grant: () => void;
}

/**
 * A limit of sessions in flight, shared fairly by lanes (guilds).
 *
 * A free slot goes to the waiting lane that has fewest in flight; among equals to the one that waits longest
 * since its last turn, so lanes go round; within a lane, first come, first served.
 */
export class Slots {
  #limit: number;
  #inFlight = 0;
  #waiting = 0;
  readonly #running = new Map<string, number>();
  /** Only lanes that wait, in the order of their turns. */
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

  /** Changes the limit, never below 1. Sessions in flight stay; none is added until they fit. */
  setLimit(limit: number): void {
    this.#limit = Math.max(1, Math.floor(limit));
    this.#serve();
  }

  /** Waits for this lane's turn. Rejects with the signal's reason, and then holds nothing. */
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

  /** Its turn is over, or has begun: whoever else waits is before it now. */
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
