import type { Logger } from '../log.ts';
import { later } from '../walls.ts';

export interface CompanyOptions {
  /** Who is in the bot's voice channel, the bot not counted. */
  readonly count: () => { humans: number; others: number };
  /** How long the bot stays in a channel without people, in ms. */
  readonly leaveAfterMs: () => number;
  /** Nobody has been there for that long. */
  readonly onDeserted: () => void;
  readonly log: Logger;
}

/** Who listens to a session; tells when nobody has for a while. */
export class Company implements Disposable {
  readonly #options: CompanyOptions;
  #humans = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CompanyOptions) {
    this.#options = options;
    this.changed();
  }

  /** There are people in the channel. */
  get listens(): boolean {
    return this.#options.count().humans > 0;
  }

  /** Nobody else is in the channel, no bot either. */
  get absent(): boolean {
    return this.#options.count().others === 0;
  }

  /** Somebody came or went; returns whether there are more people than before. */
  changed(): boolean {
    const before = this.#humans;
    this.#humans = this.#options.count().humans;
    if (this.#humans > 0) this[Symbol.dispose]();
    else this.#timer ??= this.#untilDeserted();
    return this.#humans > before;
  }

  /** The wait for people begins anew. */
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
