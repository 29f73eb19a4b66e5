import type { Connection } from '../database/connection.ts';
import type { TaskQueue } from '../database/task-queue.ts';
import { lookUp } from '../errors.ts';
import type { PostgresListener } from '../postgres/listener.ts';
import { dayOf } from './day.ts';
import { DayPortion } from './day-portion.ts';
import type { DayCap, Ledger, LedgerEntry, LedgerRow } from './ledger.ts';
import { addBatch, type Batch, batchId, readGuildTotal, readRows, readTotals } from './ledger-rows.ts';
import { Outstanding, withoutPerson } from './outstanding.ts';
import { Today } from './today.ts';

// Counts what is spent at Fish Audio, by UTC day, guild and person: at once in memory (`today.ts`), and a moment later
// in the database. `ledger.ts` is its contract; `day-portion.ts` shares the day's money with other processes.

/** How long entries are collected before they are written together. */
const COLLECT_MS = 200;
/** How many rows are written in one transaction, so that SQLite does not hold up the event loop. */
const ROWS_A_BATCH = 500;
/** After how long, in ms, what a guild has spent in other processes is read again when something is said there. */
const GUILD_READ_MS = { far: 30_000, near: 1_000 };
const NANO = 1e9;

export interface LedgerOptions {
  readonly connection: Connection;
  readonly queue: TaskQueue;
  /** Names who writes, so that no batch is written twice. */
  readonly lease: string;
  readonly now: () => number;
  /** Hears the other processes that spend the same money; undefined where there is none. */
  readonly sharers: PostgresListener | undefined;
}

/**
 * What could not be written is kept, and is written later. Only what was not written when the process ends is lost.
 */
export class WriteBehindLedger implements Ledger {
  readonly #connection: Connection;
  readonly #queue: TaskQueue;
  readonly #lease: string;
  readonly #now: () => number;
  readonly #outstanding = new Outstanding();
  readonly #today: Today;
  readonly #portion: DayPortion | undefined;
  /** When it was last read what a guild has spent, by guild id (`performance.now()`). */
  readonly #guildReadAt = new Map<string, number>();
  /** The batch that is being written, or is to be written again. */
  #batch: Batch | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether what was spent today is being read now because somebody asked `todayIsKnown`. */
  #isLearning = false;

  constructor({ connection, queue, lease, now, sharers }: LedgerOptions) {
    this.#connection = connection;
    this.#queue = queue;
    this.#lease = lease;
    this.#now = now;
    this.#portion = sharers && new DayPortion({ connection, listener: sharers, now });
    this.#today = new Today(now);
  }

  /** How many rows are not in the database yet, as far as is known. */
  get outstanding(): number {
    return this.#outstanding.size + (this.#batch?.rows.length ?? 0);
  }

  add(entry: LedgerEntry): void {
    this.#outstanding.add(dayOf(this.#now()), entry);
    this.#today.add(entry);
    this.#portion?.add(entry.nanoUsd);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch(() => undefined); // the rows are kept, and are written when the database works again
    }, COLLECT_MS).unref();
  }

  todayIsKnown(): boolean {
    // It is read here, since nothing may be spent before it is known, and so no spending would ever have it read.
    if (!this.#today.complete && !this.#isLearning) void this.#learnInBackground();
    const known = this.#portion?.known ?? true;
    if (!known) this.#portion?.learn();
    return this.#today.complete && known;
  }

  guildToday(guildId: string): number {
    return this.#today.bytesOf(guildId);
  }

  usdToday(): number {
    return Math.max(this.#today.usd, (this.#portion?.spentByAll ?? 0) / NANO);
  }

  share(cap: DayCap): void {
    this.#portion?.begin(cap);
  }

  covered(): boolean {
    return this.#portion?.covered ?? true;
  }

  secure(guildId: string, near: boolean): Promise<boolean> | undefined {
    if (!this.#portion) return undefined;
    const age = performance.now() - (this.#guildReadAt.get(guildId) ?? Number.NEGATIVE_INFINITY);
    const reading = age > GUILD_READ_MS[near ? 'near' : 'far'] ? this.#readGuild(guildId) : undefined;
    const money = this.#portion.secure();
    return near && reading ? reading.then(() => money ?? true) : money;
  }

  async guildDays(guildId: string, days: number): Promise<LedgerRow[]> {
    await lookUp(() => this.flush());
    return await this.#read(days, { guildId });
  }

  async personDays(userId: string, days: number, guildId?: string): Promise<LedgerRow[]> {
    await lookUp(() => this.flush());
    return await this.#read(days, { userId, guildId });
  }

  /** Reads what was spent today from the database, if that is not known yet. Rejects with StoreError. */
  async learnToday(): Promise<void> {
    if (!this.#today.complete) await this.#queue.run(() => this.#load());
  }

  /** Writes what is not in the database yet, and reads what was spent today if that is not known. */
  async flush(): Promise<void> {
    // The number is taken first: entries that are added meanwhile are not waited for.
    const batches = (this.#batch ? 1 : 0) + Math.ceil(this.#outstanding.size / ROWS_A_BATCH);
    for (let written = 0; written < batches; written++) await this.#queue.run(() => this.#write());
    await this.learnToday();
  }

  /** Takes a person's id, or with null everybody's, out of the rows that are not in the database yet. */
  forget(userId: string | null): void {
    this.#outstanding.forget(userId);
    if (this.#batch)
      this.#batch = { ...this.#batch, rows: this.#batch.rows.map(row => withoutPerson(row, userId)) };
  }

  /** Gives back the money that this process has not spent, as it ends. Rejects with StoreError. */
  async end(): Promise<void> {
    await this.#portion?.end();
  }

  /** Stops writing. Rows that were not written by `flush` before are lost. */
  close(): void {
    clearTimeout(this.#timer);
    this.#portion?.[Symbol.dispose]();
  }

  async #learnInBackground(): Promise<void> {
    this.#isLearning = true;
    await this.learnToday().catch(() => undefined); // the connection knows the problem, and tries the database again
    this.#isLearning = false;
  }

  async #write(): Promise<void> {
    this.#batch ??= this.#nextBatch();
    if (!this.#batch) return;
    await this.#connection.write(async db => {
      const batch = this.#batch; // somebody may have been taken out of it since, if the database was opened anew
      if (batch && (await addBatch(db, batch))) await this.#portion?.noteSpent(db, batch.rows);
    });
    this.#batch = undefined;
  }

  #nextBatch(): Batch | undefined {
    if (this.#outstanding.size === 0) return undefined;
    return {
      lease: this.#lease,
      batch: batchId(dayOf(this.#now())),
      rows: this.#outstanding.take(ROWS_A_BATCH),
    };
  }

  async #load(): Promise<void> {
    if (this.#today.complete) return;
    if (this.#batch) await this.#write(); // without that, nobody knows whether the totals already have this batch
    const day = dayOf(this.#now());
    const totals = await this.#connection.read(db => readTotals(db, day));
    this.#today.start(day, totals, this.#outstanding.rows());
  }

  /** Reads what a guild has spent today in all processes. Never rejects: what was known before then still holds. */
  async #readGuild(guildId: string): Promise<void> {
    this.#guildReadAt.set(guildId, performance.now());
    const reading = this.#queue.run(async () => {
      if (this.#batch) await this.#write(); // without that, nobody knows whether the total already has this batch
      const day = dayOf(this.#now());
      let bytes = await this.#connection.read(db => readGuildTotal(db, day, guildId));
      for (const row of this.#outstanding.rows())
        if (row.day === day && row.guild_id === guildId) bytes += row.bytes;
      this.#today.setBytes(day, guildId, bytes);
    });
    await reading.catch(() => undefined);
  }

  #read(days: number, of: { guildId?: string | undefined; userId?: string }): Promise<LedgerRow[]> {
    const firstDay = dayOf(this.#now(), days - 1);
    return this.#connection.read(db => readRows(db, firstDay, of));
  }
}
