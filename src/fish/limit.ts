import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import type { Answer } from './answer.ts';

export interface LimitOptions {
  /** A number is a ceiling, whatever Fish says; `auto` begins with 5 and follows Fish. */
  ceiling: number | 'auto';
  /** A limit that Fish has told is tried to be exceeded only so often, ms: twice as rarely after each vain attempt. */
  toldMs: number;
  /** The same for one that was guessed from a refusal without a number. */
  guessedMs: number;
  onChange: (limit: number) => void;
  log: Logger;
  /** Milliseconds of a clock that nobody sets. */
  now?: () => number;
}

/** What the smallest paid account of Fish Audio may do. */
const AUTO_START = 5;
const LONGEST_REST_MS = 600_000;

/**
 * How many sessions this process may have at once. Fish's own word counts, in headers, refusals and in band, upwards as
 * well as downwards. What was lowered comes back one by one, each a rest after the one before, as far as it once was.
 */
export class Limit implements Disposable {
  readonly #options: LimitOptions;
  readonly #now: () => number;
  #value: number;
  /** The account's limit, as far as is known. */
  #known: number;
  /** The highest that was ever known. */
  #highest: number;
  #inHeader: number | undefined;
  #loweredAt = Number.NEGATIVE_INFINITY;
  /** The value was raised without a word of Fish, and nothing was refused since. */
  #daring = false;
  #vain = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LimitOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#value = options.ceiling === 'auto' ? AUTO_START : Math.max(1, Math.floor(options.ceiling));
    this.#known = this.#value;
    this.#highest = this.#value;
  }

  get value(): number {
    return this.#value;
  }

  /** The headers of an answer. `mine`: how many sockets of this process are open or being opened, that one too. */
  heard({ limit, remaining }: Answer, mine: number): void {
    // The same number once more is no news: it says nothing about what other processes take of it.
    if (limit !== undefined && limit !== this.#inHeader) this.#told(limit);
    this.#inHeader = limit ?? this.#inHeader;
    if (remaining !== undefined && mine + remaining < this.#value) this.#lower(mine + remaining);
  }

  /**
   * Fish refused something for its number. `told`: the limit, where it said it; `beganAt`: when that was asked,
   * `performance.now()`; `others`: the sessions that this process had besides.
   */
  refused({ told, beganAt, others }: { told?: number | undefined; beganAt: number; others: number }): void {
    if (this.#daring) this.#vain += 1;
    this.#daring = false;
    if (told !== undefined && told < this.#value) this.#told(told);
    // What was asked before the limit was lowered is explained by that. Else others take of it, or it has no number.
    else if (beganAt >= this.#loweredAt && others < this.#value) this.#lower(others);
    else this.#rest();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #told(limit: number): void {
    const { ceiling } = this.#options;
    this.#known = Math.max(1, Math.floor(ceiling === 'auto' ? limit : Math.min(limit, ceiling)));
    if (this.#known > this.#highest) this.#highest = this.#known;
    if (this.#known > this.#value) this.#vain = 0;
    this.#set(this.#known);
  }

  #lower(limit: number): void {
    this.#set(Math.min(this.#value, Math.max(1, limit)));
  }

  #set(value: number): void {
    if (value < this.#value) this.#loweredAt = this.#now();
    const changed = value !== this.#value;
    this.#value = value;
    this.#rest();
    if (changed) this.#options.onChange(value);
  }

  /** One more, a rest from now. */
  #rest(): void {
    clearTimeout(this.#timer);
    if (this.#value >= this.#highest) return;
    const { toldMs, guessedMs, log } = this.#options;
    const ms = (this.#value < this.#known ? guessedMs : toldMs) * 2 ** this.#vain;
    this.#timer = later(log, 'fish limit', Math.min(ms, LONGEST_REST_MS), () => {
      // Nothing was refused since the last one.
      if (this.#daring) this.#vain = Math.max(0, this.#vain - 1);
      this.#daring = true;
      this.#set(this.#value + 1);
    });
  }
}
