import type { FishBehaviour } from './behaviour.ts';

/** Something that was refused because the account has too much at once. `at`: `performance.now()`, in ms. */
export interface TooMany {
  readonly at: number;
  readonly where: 'upgrade' | 'start';
}

/** The account's sessions, from `start` to their end, and its limit of them. */
export class Slots {
  taken = 0;
  peak = 0;
  readonly refused: TooMany[] = [];
  readonly #behaviour: FishBehaviour;
  readonly #openSockets: () => number;

  constructor(behaviour: FishBehaviour, openSockets: () => number) {
    this.#behaviour = behaviour;
    this.#openSockets = openSockets;
  }

  take(): void {
    this.taken += 1;
    this.peak = Math.max(this.peak, this.taken);
  }

  free(): void {
    this.taken -= 1;
  }

  /** Whether a new socket is refused. */
  refusesUpgrade(): boolean {
    if (this.#behaviour.refuseTooManyAt !== 'upgrade') return false;
    return this.#refuses('upgrade', this.#occupied);
  }

  /** Whether a `start` is refused; its own socket is open, and does not count against it. */
  refusesStart(): boolean {
    return this.#refuses('start', this.#behaviour.idleCounts ? this.#occupied - 1 : this.#occupied);
  }

  /** What every HTTP answer tells of the limit, where the server tells it. */
  get headers(): Record<string, string> {
    const { limitHeaders, maxConcurrency } = this.#behaviour;
    if (!limitHeaders) return {};
    return {
      'ratelimit-limit-concurrency': `${maxConcurrency}`,
      'ratelimit-remaining-concurrency': `${Math.max(0, maxConcurrency - this.#occupied)}`,
    };
  }

  get #occupied(): number {
    return this.#behaviour.idleCounts ? this.#openSockets() : this.taken;
  }

  #refuses(where: TooMany['where'], occupied: number): boolean {
    if (occupied < this.#behaviour.maxConcurrency) return false;
    this.refused.push({ at: performance.now(), where });
    return true;
  }
}
