import { z } from 'zod';
import type { Logger } from '../log.ts';
import { later } from '../walls.ts';
import type { FishHeaders } from './headers.ts';

// Knows how many sessions the account may have at Fish Audio at once, from what Fish tells or, where it tells nothing,
// by careful tries. How soon one more is tried after a refusal is decided here; `slots.ts` keeps to the number, or
// to this process's share of it (`shared-slots.ts`).

export interface LimitOptions {
  /** A number is never exceeded, whatever Fish says; `auto` begins with 5 and follows what Fish says. */
  ceiling: number | 'auto';
  /**
   * Milliseconds until one session more is tried than the number that Fish has told. After each attempt in vain the
   * time doubles.
   */
  toldMs: number;
  /** Milliseconds until one session more is tried where Fish refused without telling a number, and we guessed one. */
  guessedMs: number;
  onChange: (limit: number) => void;
  log: Logger;
  /** Milliseconds of a clock that nobody sets; `performance.now()` if absent. */
  now?: () => number;
}

/** What is known of the limit, as processes that use the same account tell each other. */
const knowledge = z.object({
  value: z.number(),
  known: z.number(),
  highest: z.number(),
  vain: z.number(),
});

/** How many sessions the smallest paid account of Fish Audio may have at once. */
const AUTO_START = 5;
const LONGEST_REST_MS = 600_000;

/**
 * A number that Fish tells, in headers, in refusals or in a session, is taken over, be it higher or lower. After the
 * limit was lowered it rises again step by step, with a rest before each step, up to the highest number that was ever
 * known.
 */
export class Limit implements Disposable {
  readonly #options: LimitOptions;
  readonly #now: () => number;
  #value: number;
  /** The limit of the account, as far as we know it. */
  #known: number;
  /** The highest limit of the account that we have ever known. */
  #highest: number;
  #inHeader: number | undefined;
  #loweredAt = Number.NEGATIVE_INFINITY;
  /** The limit was raised by us, without Fish having told it, and nothing has been refused since. */
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

  /** What is known of the limit, as JSON, for another process that uses the same account. */
  get known(): string {
    return JSON.stringify({
      value: this.#value,
      known: this.#known,
      highest: this.#highest,
      vain: this.#vain,
    });
  }

  /** The limit in what another process knows, but no more than may be used here; 1 if that cannot be read. */
  valueIn(known: string): number {
    return this.#atMost(read(known)?.value ?? 1);
  }

  /** Takes over what another process knows of the limit. `onChange` is not called. */
  adopt(told: string): void {
    const other = read(told);
    if (!other) return;
    const before = this.known;
    const lowered = this.#atMost(other.value) < this.#value;
    this.#value = this.#atMost(other.value);
    this.#known = this.#atMost(other.known);
    this.#highest = this.#atMost(other.highest);
    this.#vain = other.vain;
    if (this.known === before) return;
    if (lowered) this.#loweredAt = this.#now();
    this.#daring = false;
    this.#rest();
  }

  /**
   * Takes note of the headers of an answer. `sockets` is how many sockets of this account are open or being opened, as
   * far as this process knows, the one of this answer included.
   */
  heard({ limit, remaining }: FishHeaders, sockets: number): void {
    // If Fish tells the same number again we learn nothing: it does not say how many sessions others take.
    if (limit !== undefined && limit !== this.#inHeader) this.#told(limit);
    this.#inHeader = limit ?? this.#inHeader;
    if (remaining !== undefined && sockets + remaining < this.#value) this.#lower(sockets + remaining);
  }

  /**
   * Takes note that Fish refused a session because there are too many. `told` is the limit, where Fish told it;
   * `beganAt` is when the session was asked for (`performance.now()`); `others` is how many other sessions the
   * account had, as far as this process knows.
   */
  refused({ told, beganAt, others }: { told?: number | undefined; beganAt: number; others: number }): void {
    if (this.#daring) this.#vain += 1;
    this.#daring = false;
    if (told !== undefined && told < this.#value) this.#told(told);
    // A session that was asked for before the limit was lowered tells nothing new. Otherwise others, of whom we know
    // nothing, use a part of the limit, or Fish did not tell a number.
    else if (beganAt >= this.#loweredAt && others < this.#value) this.#lower(others);
    else this.#rest();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #atMost(limit: number): number {
    const { ceiling } = this.#options;
    return Math.max(1, ceiling === 'auto' ? limit : Math.min(limit, ceiling));
  }

  #told(limit: number): void {
    this.#known = this.#atMost(Math.floor(limit));
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

  /** Raises the limit by one after a rest. */
  #rest(): void {
    clearTimeout(this.#timer);
    if (this.#value >= this.#highest) return;
    const { toldMs, guessedMs, log } = this.#options;
    const ms = (this.#value < this.#known ? guessedMs : toldMs) * 2 ** this.#vain;
    this.#timer = later(log, 'fish limit', Math.min(ms, LONGEST_REST_MS), () => {
      // Nothing was refused since the last step.
      if (this.#daring) this.#vain = Math.max(0, this.#vain - 1);
      this.#daring = true;
      this.#set(this.#value + 1);
    });
  }
}

function read(told: string): z.infer<typeof knowledge> | undefined {
  try {
    return knowledge.safeParse(JSON.parse(told)).data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
