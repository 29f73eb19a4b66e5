import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.ts';
import { dayOf } from './day.ts';
import { addBatch, type Batch, readRows, readTotals } from './ledger-rows.ts';
import { Outstanding, withoutPerson } from './outstanding.ts';
import type { Ledger, LedgerEntry, LedgerRow } from './store.ts';
import { Today } from './today.ts';
import type { TaskQueue } from './task-queue.ts';

/** Additions are collected for so long before they are written. */
const COLLECT_MS = 200;
/** Rows of one transaction, so that SQLite does not hold up the event loop. */
const ROWS_A_TURN = 500;

/** Counts in memory, and writes behind. What could not be written stays outstanding, and is written later. */
export class WriteBehindLedger implements Ledger {
  readonly #connection: Connection;
  readonly #queue: TaskQueue;
  readonly #lease: string;
  readonly #now: () => number;
  readonly #outstanding = new Outstanding();
  readonly #today: Today;
  /** Being written, or to be written again. */
  #batch: Batch | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What was spent today is being read because somebody needs it. */
  #isLearning = false;

  constructor(connection: Connection, queue: TaskQueue, lease: string, now: () => number) {
    this.#connection = connection;
    this.#queue = queue;
    this.#lease = lease;
    this.#now = now;
    this.#today = new Today(now);
  }

  /** Rows that are not in the database yet, as far as is known. */
  get outstanding(): number {
    return this.#outstanding.size + (this.#batch?.rows.length ?? 0);
  }

  add(entry: LedgerEntry): void {
    this.#outstanding.add(dayOf(this.#now()), entry);
    this.#today.add(entry);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch(() => undefined); // outstanding still: written when the database works again
    }, COLLECT_MS).unref();
  }

  todayIsKnown(): boolean {
    // Nothing may be spent until it is known, and so nothing would have it read by and by.
    if (!this.#today.complete && !this.#isLearning) void this.#learnInBackground();
    return this.#today.complete;
  }

  guildToday(guildId: string): number {
    return this.#today.bytesOf(guildId);
  }

  usdToday(): number {
    return this.#today.usd;
  }

  async guildDays(guildId: string, days: number): Promise<LedgerRow[]> {
    await this.flush();
    return await this.#read(days, { guildId });
  }

  async personDays(userId: string, days: number, guildId?: string): Promise<LedgerRow[]> {
    await this.flush();
    return await this.#read(days, { userId, guildId });
  }

  /** Reads what the database has of today, if that is not known: until then own additions are all that counts. */
  async learnToday(): Promise<void> {
    if (!this.#today.complete) await this.#queue.run(() => this.#load());
  }

  /** Also learns what the database has of today. */
  async flush(): Promise<void> {
    // What is added meanwhile is not waited for.
    const turns = (this.#batch ? 1 : 0) + Math.ceil(this.#outstanding.size / ROWS_A_TURN);
    for (let turn = 0; turn < turns; turn++) await this.#queue.run(() => this.#write());
    await this.learnToday();
  }

  /** Takes the person out of what is outstanding. */
  forget(userId: string): void {
    this.#outstanding.forget(userId);
    if (this.#batch)
      this.#batch = { ...this.#batch, rows: this.#batch.rows.map(row => withoutPerson(row, userId)) };
  }

  /** Ends the collecting. What is outstanding is lost if it was not flushed. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async #learnInBackground(): Promise<void> {
    this.#isLearning = true;
    await this.learnToday().catch(() => undefined); // the trouble is known, and looked after
    this.#isLearning = false;
  }

  async #write(): Promise<void> {
    this.#batch ??= this.#nextBatch();
    const batch = this.#batch;
    if (!batch) return;
    await this.#connection.write(db => addBatch(db, batch));
    this.#batch = undefined;
  }

  #nextBatch(): Batch | undefined {
    if (this.#outstanding.size === 0) return undefined;
    return { lease: this.#lease, batch: randomUUID(), rows: this.#outstanding.take(ROWS_A_TURN) };
  }

  async #load(): Promise<void> {
    if (this.#today.complete) return;
    if (this.#batch) await this.#write(); // else it is unknown whether the totals have it
    const day = dayOf(this.#now());
    const totals = await this.#connection.read(db => readTotals(db, day));
    this.#today.start(day, totals, this.#outstanding.rows());
  }

  #read(days: number, of: { guildId?: string | undefined; userId?: string }): Promise<LedgerRow[]> {
    const firstDay = dayOf(this.#now(), days - 1);
    return this.#connection.read(db => readRows(db, firstDay, of));
  }
}
