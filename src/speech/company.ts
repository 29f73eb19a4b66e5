import type { Logger } from '../log.ts';
import { later } from '../walls.ts';

// Knows who is with the bot in its voice channel: whether people listen, whether it is all alone, and when it is to
// leave since no people have been there for a while. `session.ts` then has it leave.

export interface CompanyOptions {
  /** Who is in the bot's voice channel: `humans` are people; `others` are people and bots, without this bot. */
  readonly count: () => { humans: number; others: number };
  /** How many milliseconds the bot stays in a channel without people. */
  readonly leaveAfterMs: () => number;
  /** Called when no people have been there for that long. */
  readonly onDeserted: () => void;
  readonly log: Logger;
}

export class Company implements Disposable {
  readonly #options: CompanyOptions;
  #humans = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CompanyOptions) {
    this.#options = options;
    this.changed();
  }

  /** Whether there are people in the channel. */
  get listens(): boolean {
    return this.#options.count().humans > 0;
  }

  /** Whether nobody else is in the channel, not even another bot. */
  get absent(): boolean {
    return this.#options.count().others === 0;
  }

  /** Counts again, since somebody came or went. Returns whether there are more people than before. */
  changed(): boolean {
    const before = this.#humans;
    this.#humans = this.#options.count().humans;
    if (this.#humans > 0) this[Symbol.dispose]();
    else this.#timer ??= this.#untilDeserted();
    return this.#humans > before;
  }

  /** Begins the wait for people anew. */
  restart(): void {
    this[Symbol.dispose]();
    this.changed();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #untilDeserted(): NodeJS.Timeout {
    const { log, leaveAfterMs, onDeserted } = this.#options;
    return later(log, 'a deserted channel', leaveAfterMs(), onDeserted);
  }
}
