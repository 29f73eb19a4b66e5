import { type Kysely, sql } from 'kysely';
import type { Connection } from '../database/connection.ts';
import type { Tables } from '../database/tables.ts';
import type { PostgresListener } from '../postgres/listener.ts';
import { notification } from '../postgres/notify.ts';
import { dayOf } from './day.ts';
import type { DayCap } from './ledger.ts';
import type { StoredRow } from './ledger-rows.ts';
import { noteSpent, readDayState, takePortionTurn, voidPortions, writePortion } from './portion-rows.ts';
import { portionChange } from './portion-size.ts';

// Lets several processes of the bot share the operator's budget for Fish Audio: each one asks PostgreSQL ahead for a
// part of the day's money (a portion), and gives back what others need. `portion-size.ts` decides how large a portion
// is, and `portion-rows.ts` has the queries.

/** The topic of what processes tell each other: that one lacks money (`wanted`), or has given some back (`freed`). */
const TOPIC = 'portion';
/** How often a portion is asked for anew, which also shows that its process lives. */
const RENEW_MS = 20_000;
/** A portion that was not renewed for this long is not used any more. The others still count it for 30 s after that. */
const HOLDS_MS = 60_000;
/** How long this process waits for others to give back the money that it lacks before it asks again. */
const GIVING_BACK_MS = 500;
const MOST_TRIES = 3;

export interface DayPortionOptions {
  readonly connection: Connection;
  readonly listener: PostgresListener;
  /** The present time, in epoch milliseconds; the day is that of UTC. */
  readonly now: () => number;
}

/**
 * The part of the day's money that this process may spend. It is granted ahead, so that a line need not wait for the
 * database; near the cap portions are small, and each line asks. All amounts are in 10⁻⁹ US dollars.
 */
export class DayPortion implements Disposable {
  readonly #options: DayPortionOptions;
  #cap: DayCap | undefined;
  #day = '';
  /** What this process was granted on the day, and what it has spent, both from when it began. */
  #granted = 0;
  #spent = 0;
  /** What other processes have spent on the day, as it was last read; undefined while it was not read. */
  #othersSpent: number | undefined;
  /** Half of what was last granted ahead: with less than that, more is asked for. */
  #low = 0;
  /** When the database last answered (`performance.now()`). */
  #answeredAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<{ readonly othersOpen: number } | undefined> | undefined;
  #generous = false;
  #timer: NodeJS.Timeout | undefined;
  /** Is resolved when another process has given money back. */
  #freed = Promise.withResolvers<void>();

  constructor(options: DayPortionOptions) {
    this.#options = options;
  }

  /** Begins to share the money of each day. Before that, and without a cap, there is nothing to share. */
  begin(cap: DayCap): void {
    this.#cap = cap;
    this.#options.listener.add({ topic: TOPIC, heard: message => this.#heard(message), listening: () => {} });
    this.#timer = setInterval(() => void this.#ask(), RENEW_MS).unref();
    void this.#ask();
  }

  /** Whether the database has told lately what may be spent today. */
  get known(): boolean {
    if (!this.#cap) return true;
    this.#turn();
    return this.#othersSpent !== undefined && performance.now() - this.#answeredAt < HOLDS_MS;
  }

  /** What all processes have spent today, as far as this one knows; undefined while the database has not told. */
  get spentByAll(): number | undefined {
    this.#turn();
    return this.#othersSpent === undefined ? undefined : this.#othersSpent + this.#spent;
  }

  /** Counts what this process spends; a negative amount is taken back. */
  add(nanoUsd: number): void {
    this.#turn();
    this.#spent += nanoUsd;
  }

  /** Notes what is spent of the portion. `db` is the transaction that writes these rows into the ledger. */
  async noteSpent(db: Kysely<Tables>, rows: readonly StoredRow[]): Promise<void> {
    await noteSpent(db, this.#options.listener.process, rows);
  }

  /** Asks the database in the background, unless it is being asked. */
  learn(): void {
    void this.#ask();
  }

  /** Whether all that the lines of this process hold may be spent. */
  get covered(): boolean {
    return !this.#cap || (this.known && this.#free >= 0);
  }

  /**
   * Has the database grant what the lines of this process hold, unless it is `covered`. Returns undefined if there is
   * nothing to wait for. Resolves with false if the database did not answer.
   */
  secure(): Promise<boolean> | undefined {
    if (!this.#cap) return undefined;
    if (!this.covered) return this.#obtain();
    if (this.#free < this.#low) void this.#ask();
    return undefined;
  }

  /** Gives back what was not spent, as this process ends. Rejects with StoreError. */
  async end(): Promise<void> {
    this[Symbol.dispose]();
    const { connection, listener } = this.#options;
    if (this.#cap) await connection.write(db => voidPortions(db, listener.process));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** What may still be spent beside what lines hold. */
  get #free(): number {
    return this.#granted - this.#spent - (this.#cap?.held() ?? 0);
  }

  async #obtain(): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      const freed = this.#freed.promise;
      const answer = await this.#ask();
      if (!answer) return false;
      if (this.covered || answer.othersOpen === 0 || tries === MOST_TRIES) return true;
      const { promise, resolve } = Promise.withResolvers<void>();
      const patience = setTimeout(resolve, GIVING_BACK_MS);
      await Promise.race([freed, promise]);
      clearTimeout(patience);
    }
  }

  /** Asks for a portion; of several at once the first one asks. Resolves with undefined if there is no answer. */
  #ask(): Promise<{ readonly othersOpen: number } | undefined> {
    this.#asking ??= this.#exchange()
      .catch(() => undefined) // the connection knows the problem, and it is asked again
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  async #exchange(): Promise<{ readonly othersOpen: number }> {
    const { connection, listener, now } = this.#options;
    const at = performance.now();
    const day = dayOf(now());
    const process = listener.process;
    this.#turn();
    const result = await connection.write(async db => {
      await takePortionTurn(db);
      const state = await readDayState(db, day, process);
      // A portion whose time is up is void, except for what was spent of it.
      const granted = state.granted ?? Math.max(this.#spent, state.ownSpent);
      const free = granted - this.#spent - (this.#cap?.held() ?? 0);
      const ownOpen = Math.max(0, granted - state.ownSpent);
      const purse = { ...state, cap: this.#cap?.nanoUsd ?? 0, ownOpen, free, processes: state.others + 1 };
      const change = portionChange(purse, { generous: this.#generous });
      // What is given back must not be spent meanwhile, whatever becomes of the transaction.
      if (day === this.#day && granted + change < this.#granted) this.#granted = granted + change;
      await writePortion(db, { day, process, granted: granted + change });
      const word =
        change < 0 && this.#generous ? 'freed' : free + change < 0 && state.othersOpen > 0 ? 'wanted' : '';
      if (word) await sql`select ${notification(TOPIC, word, process)}`.execute(db);
      return { ...state, granted: granted + change, free: free + change };
    });
    this.#generous = false;
    if (day !== this.#day) return { othersOpen: 1 }; // it is asked again for the new day
    this.#granted = result.granted;
    this.#low = Math.max(0, result.free) / 2;
    this.#othersSpent = result.spent - result.ownSpent;
    this.#answeredAt = at;
    return result;
  }

  #heard(message: string): void {
    const [word, process] = message.split(' ');
    if (process === this.#options.listener.process) return;
    if (word === 'freed') {
      this.#freed.resolve();
      this.#freed = Promise.withResolvers();
    } else if (word === 'wanted' && this.#free > 0) void this.#giveBack();
  }

  async #giveBack(): Promise<void> {
    await this.#asking; // what is being asked now may be given back as well
    this.#generous = true;
    await this.#ask();
  }

  /** Begins anew on a new day. */
  #turn(): void {
    const day = dayOf(this.#options.now());
    if (day === this.#day) return;
    this.#day = day;
    this.#granted = 0;
    this.#spent = 0;
    this.#othersSpent = undefined;
  }
}
