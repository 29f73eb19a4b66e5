// What the rest of the bot may ask of the ledger, which counts what is spent at Fish Audio by day, guild and person.
// `write-behind-ledger.ts` does it. Whether that leaves money for a line is decided in `speech/budget.ts`.

export interface Ledger {
  /** Counts an entry at once. It is written within 250 ms, or later when the database cannot take it. */
  add(entry: LedgerEntry): void;
  /**
   * Whether all that was spent today is known. False while the database could not be asked what had been spent before
   * this process began, or before the clock was set back; then it is asked now. Until it is known, `guildToday` and
   * `usdToday` may be too low.
   */
  todayIsKnown(): boolean;
  /** How many UTF-8 bytes this guild has had said today. */
  guildToday(guildId: string): number;
  /**
   * US dollars spent today: what the whole database had when it was last read, and what this process has added since.
   */
  usdToday(): number;
  /**
   * From now on, the money of each day is shared with the other processes that use the same database, and `usdToday`
   * follows what they spend.
   */
  share(cap: DayCap): void;
  /**
   * Makes sure that all that is held of the day's money may be spent, although others spend too, and that it is known
   * what they have spent for this guild. `near` says that the guild is near its cap of the day. Returns undefined if
   * there is nothing to wait for, as nearly always; resolves with false if the database did not answer. Never rejects.
   */
  secure(guildId: string, near: boolean): Promise<boolean> | undefined;
  /** Whether all that is held of the day's money may be spent; else `secure` has to be called, or has found no more. */
  covered(): boolean;
  /**
   * What a guild has spent in the last `days` days, today included: a row for each day and person, sorted by day and
   * then by user id. Writes what is outstanding first. Rejects with StoreError.
   */
  guildDays(guildId: string, days: number): Promise<LedgerRow[]>;
  /**
   * What one person has spent in the last `days` days, today included: a row for each day, in one guild, or in all if
   * none is given. Writes what is outstanding first. Rejects with StoreError.
   */
  personDays(userId: string, days: number, guildId?: string): Promise<LedgerRow[]>;
  /** Writes what is not in the database yet. Rejects with StoreError, and then it is kept for later. */
  flush(): Promise<void>;
}

/** How much money all processes together may spend on a UTC day. */
export interface DayCap {
  /** Billionths of a US dollar. */
  readonly nanoUsd: number;
  /** How much of it is held in this process for lines, and not spent yet. */
  readonly held: () => number;
}

/** What one piece of speech has cost. Negative numbers take back what Fish Audio never received. */
export interface LedgerEntry {
  readonly guildId: string;
  readonly userId: string;
  /** The UTF-8 bytes of the text, as Fish Audio bills them. */
  readonly bytes: number;
  /** Billionths of a US dollar. */
  readonly nanoUsd: number;
  /** What was said from memory in place of that. */
  readonly cached?: CachedSpeech;
}

/** Speech from memory, for which nothing was sent to Fish Audio. */
export interface CachedSpeech {
  readonly lines: number;
  /** The UTF-8 bytes of their texts. */
  readonly bytes: number;
}

/** What one person has spent on one day. */
export interface LedgerRow {
  /** The UTC day, such as `2026-11-24`. */
  readonly day: string;
  readonly userId: string;
  /** UTF-8 bytes of text. */
  readonly bytes: number;
  /** Billionths of a US dollar. */
  readonly nanoUsd: number;
  /** What was said from memory; absent if nothing was. */
  readonly cached?: CachedSpeech;
}
