// Hands the slots of this process to the lines that wait, fairly between lanes. A slot is the right to one session at
// Fish Audio, which allows only so many at once; a lane is one guild's share of them. `limit.ts` knows how many there
// are.

/** A slot is given back once; further calls of `release` do nothing. */
export interface Slot {
  release(): void;
}

interface Waiter {
  grant: () => void;
}

/** The lines of a lane that wait, first come first served. */
interface Lane {
  readonly queue: Waiter[];
  /** Since when it waits for its turn (`performance.now()`). */
  readonly since: number;
}

/** A line of this process that has no slot yet, as other processes need to know it to decide whose turn is next. */
export interface WaitingLane {
  /** How many sessions its lane has, plus the lines of the lane that come before this one. */
  readonly running: number;
  /** For how many milliseconds the lane has waited for its turn. */
  readonly waitedMs: number;
}

/**
 * A free slot goes to the waiting lane that has the fewest sessions now. If several have equally few, it goes to the
 * one whose last turn was longest ago. Within a lane, whoever came first is served first.
 */
export class Slots {
  #limit: number;
  #inFlight = 0;
  #waiting = 0;
  readonly #running = new Map<string, number>();
  /** The lanes that wait, in the order in which they are served. */
  readonly #lanes = new Map<string, Lane>();
  /** Called when a slot was taken or given back, or somebody has begun to wait; before the next one is served. */
  onChange: (change: 'taken' | 'released' | 'waiting') => void = () => {};

  constructor(limit: number) {
    this.#limit = Math.floor(limit);
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

  /** Changes the limit. Sessions under way go on; no new one begins until there is room. */
  setLimit(limit: number): void {
    this.#limit = Math.floor(limit);
    this.#serve();
  }

  /** The lines that wait, in the order in which they are served. */
  waitingLanes(): readonly WaitingLane[] {
    const now = performance.now();
    return [...this.#lanes]
      .flatMap(([lane, { queue, since }]) => {
        const running = this.#running.get(lane) ?? 0;
        return queue.map((_waiter, at) => ({ running: running + at, waitedMs: now - since }));
      })
      .sort((a, b) => a.running - b.running || b.waitedMs - a.waitedMs);
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
      const waiting = this.#lanes.get(lane);
      if (waiting) waiting.queue.push(waiter);
      else this.#lanes.set(lane, { queue: [waiter], since: performance.now() });
      this.#waiting += 1;
      this.#serve();
      if (this.#waiting > 0) this.onChange('waiting');
    });
  }

  #serve(): void {
    while (this.#inFlight < this.#limit) {
      const lane = this.#next();
      if (lane === undefined) return;
      const waiter = this.#lanes.get(lane)?.queue.shift();
      this.#toTheEnd(lane);
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
    this.onChange('taken');
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      this.#inFlight -= 1;
      const left = (this.#running.get(lane) ?? 1) - 1;
      if (left > 0) this.#running.set(lane, left);
      else this.#running.delete(lane);
      this.#toTheEnd(lane);
      this.onChange('released');
      this.#serve();
    };
    return { release };
  }

  /** Puts a lane behind all other lanes that wait, because its turn has begun or is over. */
  #toTheEnd(lane: string): void {
    const { queue = [] } = this.#lanes.get(lane) ?? {};
    this.#lanes.delete(lane);
    if (queue.length > 0) this.#lanes.set(lane, { queue, since: performance.now() });
  }

  #leave(lane: string, waiter: Waiter): void {
    const { queue = [] } = this.#lanes.get(lane) ?? {};
    queue.splice(queue.indexOf(waiter), 1);
    if (queue.length === 0) this.#lanes.delete(lane);
    this.#waiting -= 1;
  }
}
