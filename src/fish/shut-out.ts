import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import type { FishError } from './errors.ts';
import { type Tried, tellsOfFish } from './failure-row.ts';

// Notices that Fish Audio has let nobody in for long while somebody waits: no socket can be opened, or each session is
// refused because there are too many. `circuit.ts` takes that for an outage, however few attempts there were. After a
// 429 they may be a minute apart, and a session that is refused in band has not failed, since it is sent again.

export interface ShutOutOptions {
  /** After how many milliseconds that is long. */
  readonly heldUpMs: number;
  /** Called with the last refusal when it has lasted long; perhaps more than once. */
  readonly onLong: (error: FishError) => void;
  readonly log: Logger;
}

/** Somebody who wants words said. It has to be disposed of when that is over. */
export interface Guest extends Disposable {
  /** Notes that Fish has begun to say the words, which were sent at `beganAt` (`performance.now()`). */
  heard(beganAt: number): void;
}

/** All times are `performance.now()`, in milliseconds. */
export class ShutOut implements Disposable {
  readonly #options: ShutOutOptions;
  /** The last refusal, and when the first one came; null when somebody was let in after that. */
  #shut: { readonly error: FishError; readonly since: number } | null = null;
  /** Since when each one waits who has heard nothing yet; the first has waited longest. */
  readonly #waiting = new Set<{ readonly since: number }>();
  /** How many of those who were let in are being spoken for. While there are any, the others wait for their turn. */
  #speaking = 0;
  #spokeAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ShutOutOptions) {
    this.#options = options;
  }

  /** Since when nobody is let in; null where Fish refuses nobody. */
  get since(): number | null {
    return this.#shut?.since ?? null;
  }

  /** Notes a failure. Those that say nothing of whether Fish lets anybody in are passed over. */
  failed(error: FishError): void {
    if (!tellsOfFish(error) || (error.phase !== 'connect' && error.kind !== 'rate-limit')) return;
    this.#shut = { error, since: this.#shut?.since ?? performance.now() };
    this.#look();
  }

  /** Notes that a socket was opened. A session may still be refused by it. */
  opened({ beganAt }: Pick<Tried, 'beganAt'>): void {
    if (this.#shut?.error.phase === 'connect') this.#letIn(beganAt);
  }

  /** Forgets what was refused until now. */
  reset(): void {
    this.#shut = null;
  }

  /** Somebody wants words said. */
  enter(): Guest {
    const own = { since: performance.now() };
    this.#waiting.add(own);
    this.#look();
    let speaks = false;
    return {
      heard: beganAt => {
        this.#letIn(beganAt);
        if (this.#waiting.delete(own)) {
          speaks = true;
          this.#speaking += 1;
        }
      },
      [Symbol.dispose]: () => {
        this.#waiting.delete(own);
        if (!speaks) return;
        speaks = false;
        this.#speaking -= 1;
        this.#spokeAt = performance.now();
        this.#look();
      },
    };
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  /** Somebody was let in who asked at `beganAt`. */
  #letIn(beganAt: number): void {
    if (this.#shut && beganAt >= this.#shut.since) this.#shut = null;
  }

  #look(): void {
    clearTimeout(this.#timer);
    const [first] = this.#waiting;
    if (!this.#shut || !first || this.#speaking > 0) return;
    const { heldUpMs, onLong, log } = this.#options;
    const { since, error } = this.#shut;
    const leftMs = Math.max(since, first.since, this.#spokeAt) + heldUpMs - performance.now();
    if (leftMs > 0) this.#timer = later(log, 'a long wait for Fish Audio', leftMs, () => this.#look());
    else onLong(error);
  }
}
