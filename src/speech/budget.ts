import type { Ledger, LedgerEntry } from '../store/ledger/ledger.ts';
import { Minutes } from './minutes.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { ToldOnce } from './told-once.ts';

// Keeps what is sent to Fish Audio, which bills UTF-8 bytes, within the caps: a person's minute, a guild's day, and the
// money of the day. `payment.ts` asks here for each line; `src/store/ledger/ledger.ts` is where spending is kept.

/** The limits of one guild, in UTF-8 bytes, which is what Fish Audio bills. */
export interface Caps {
  readonly messageBytes: number;
  readonly personBytesPerMinute: number;
  readonly serverBytesPerDay: number;
}

/** What the budget needs of the ledger. */
type Spending = Pick<Ledger, 'add' | 'todayIsKnown' | 'guildToday' | 'usdToday'> &
  Partial<Pick<Ledger, 'share' | 'secure' | 'covered'>>;

export interface BudgetOptions {
  readonly ledger: Spending;
  /** How many US dollars all processes that share the ledger may spend on each day of UTC. */
  readonly dailyUsd: number;
  /** The price. If it is 0, `dailyUsd` does not matter, and only bytes are limited. */
  readonly usdPerMillionBytes: number;
  /** Called with all that is added to the ledger. */
  readonly onSpent?: (entry: LedgerEntry) => void;
  /** Milliseconds since 1970, for the days. */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets, for the minutes. */
  readonly uptime?: () => number;
}

interface Request {
  readonly guildId: string;
  readonly userId: string;
  readonly bytes: number;
  readonly caps: Caps;
}

/** Bytes that are held for one line, so that they may be sent. */
export interface Reservation {
  /** Notes how many bytes are sent now. A negative number takes back bytes that Fish never received. */
  spent(bytes: number): void;
  /** Notes that the words were said from memory, so that none of them are sent. */
  saidFromMemory(): void;
  /**
   * Waits, where other processes may spend as well, until it is sure that what is held may be spent; undefined if that
   * is sure already, as nearly always. Call this before anything is sent. Rejects with Unsaid.
   */
  secured(): Promise<void> | undefined;
  /**
   * Holds more bytes, and waits as `secured` does. Throws, or rejects with, Unsaid if they would pass the day's
   * cap of the guild or of all.
   */
  extend(bytes: number): Promise<void> | undefined;
  /**
   * Holds all bytes anew, to send them again, and waits as `secured` does. Throws, or rejects with, Unsaid if they
   * would pass the day's cap of the guild or of all.
   */
  renew(): Promise<void> | undefined;
  /** Gives back the bytes that were not sent. Bytes that are sent later are still counted. */
  release(): void;
}

/** This share of each cap of a day may be used while it is not known what was spent earlier on that day. */
const UNKNOWN_DAY_SHARE = 1 / 100;

/** A guild is near its cap of the day when less than this part of it is left, or fewer bytes than that. */
const NEAR = { share: 1 / 10, bytes: 10_000 };

const DAY_MS = 24 * 60 * 60_000;
const NANO = 1e9;

/**
 * When a line is offered, its bytes count for the person's minute (`admit`). When it is about to be sent, its bytes are
 * held (`reserve`), so that several lines at once cannot pass a cap together. When bytes are sent, they are written
 * into the ledger.
 */
export class Budget {
  readonly #ledger: Spending;
  readonly #dailyNanoUsd: number;
  readonly #nanoUsdPerByte: number;
  readonly #onSpent: (entry: LedgerEntry) => void;
  readonly #now: () => number;
  readonly #minutes: Minutes;
  /** For each guild: how many bytes are held and not sent yet. */
  readonly #held = new Map<string, number>();
  /** How many bytes all guilds together hold. */
  #heldByAll = 0;
  /** The keys are day, guild and reason. */
  readonly #told = new ToldOnce({ quietMs: DAY_MS });

  constructor({ ledger, dailyUsd, usdPerMillionBytes, onSpent, now = Date.now, uptime }: BudgetOptions) {
    this.#ledger = ledger;
    this.#dailyNanoUsd = Math.round(dailyUsd * NANO);
    this.#nanoUsdPerByte = (usdPerMillionBytes * NANO) / 1e6;
    this.#onSpent = onSpent ?? (() => {});
    this.#now = now;
    this.#minutes = new Minutes(uptime);
    const held = () => Math.ceil(this.#heldByAll * this.#nanoUsdPerByte);
    if (this.#nanoUsdPerByte > 0) ledger.share?.({ nanoUsd: this.#dailyNanoUsd, held });
  }

  /** Admits a line. Throws Unsaid if it would pass a cap of the person, the guild or the process. */
  admit(request: Request): void {
    this.check(request);
    this.addTo(request);
  }

  /** Throws Unsaid if a line would pass a cap of the person, the guild or the process; counts nothing. */
  check({ guildId, userId, bytes, caps }: Request): void {
    const cap = caps.personBytesPerMinute;
    // A line that is more than the cap by itself will not be admitted later either, so nobody is told to wait.
    if (bytes > cap) throw new Unsaid('person-cap-alone', 'cap.person-alone', { bytes: cap });
    if (this.#minutes.total(`${guildId} ${userId}`) + bytes > cap)
      throw new Unsaid('person-cap', 'cap.person', { bytes: cap });
    this.#checkDay(guildId, bytes, caps);
  }

  /**
   * Counts, for the person's minute, further bytes that an admitted line needs, such as those of the speaker's name.
   */
  addTo({ guildId, userId, bytes }: Omit<Request, 'caps'>): void {
    this.#minutes.add(`${guildId} ${userId}`, bytes);
  }

  /**
   * Holds bytes that are about to be sent. Throws Unsaid if they would pass the day's cap of the guild or the process.
   */
  reserve({ guildId, userId, bytes, caps }: Request): Reservation {
    this.#checkDay(guildId, bytes, caps);
    let total = bytes;
    let left = 0;
    let released = false;
    const hold = (more: number) => {
      if (released) return;
      left += more;
      this.#hold(guildId, more);
    };
    hold(bytes);
    const secure = (giveBack: () => void) => this.#secure(guildId, caps, giveBack);
    return {
      secured: () => secure(() => hold(-left)),
      spent: sent => {
        const nanoUsd = Math.round(sent * this.#nanoUsdPerByte);
        const entry = { guildId, userId, bytes: sent, nanoUsd };
        this.#ledger.add(entry);
        this.#onSpent(entry);
        hold(-Math.min(sent, left));
      },
      saidFromMemory: () => {
        const cached = { lines: 1, bytes: total };
        this.#ledger.add({ guildId, userId, bytes: 0, nanoUsd: 0, cached });
      },
      extend: more => {
        this.#checkDay(guildId, more, caps);
        total += more;
        hold(more);
        return secure(() => {
          total -= more;
          hold(-more);
        });
      },
      renew: () => {
        const more = total - left;
        this.#checkDay(guildId, more, caps);
        hold(more);
        return secure(() => hold(-more));
      },
      release: () => {
        hold(-left);
        released = true;
      },
    };
  }

  /** Whether people have still to be told that nothing more is said for this reason; true once a day for each guild. */
  isNews(guildId: string, reason: Reason): boolean {
    const day = Math.floor(this.#now() / DAY_MS);
    return this.#told.isNews(`${day} ${guildId} ${reason}`);
  }

  #checkDay(guildId: string, bytes: number, caps: Caps): void {
    const isKnown = this.#ledger.todayIsKnown();
    const share = isKnown ? 1 : UNKNOWN_DAY_SHARE;
    if (this.#ofGuild(guildId) + bytes > caps.serverBytesPerDay * share)
      throw isKnown ? guildCapped(caps) : unknown();
    if (this.#nanoUsdPerByte === 0) return;
    const nanoUsd = this.#ledger.usdToday() * NANO + (this.#heldByAll + bytes) * this.#nanoUsdPerByte;
    if (Math.round(nanoUsd) > this.#dailyNanoUsd * share) throw isKnown ? spentUp() : unknown();
  }

  /** Asks the ledger, where it has others that spend as well; `giveBack` is called if what is held may not be spent. */
  #secure(guildId: string, caps: Caps, giveBack: () => void): Promise<void> | undefined {
    const left = caps.serverBytesPerDay - this.#ofGuild(guildId);
    const near = left < Math.max(NEAR.share * caps.serverBytesPerDay, NEAR.bytes);
    const asked = this.#ledger.secure?.(guildId, near);
    return asked && this.#judge(asked, guildId, caps, giveBack);
  }

  async #judge(asked: Promise<boolean>, guildId: string, caps: Caps, giveBack: () => void): Promise<void> {
    const answered = await asked;
    // While it is not known what was spent, `#checkDay` has admitted no more than a small part of the caps.
    const isCovered = !this.#ledger.todayIsKnown() || (this.#ledger.covered?.() ?? true);
    const isRoom = this.#ofGuild(guildId) <= caps.serverBytesPerDay;
    if (isCovered && isRoom) return;
    giveBack();
    if (!isRoom) throw guildCapped(caps);
    throw answered ? spentUp() : unknown();
  }

  /** How many bytes of its day a guild has spent, or holds. */
  #ofGuild(guildId: string): number {
    return this.#ledger.guildToday(guildId) + (this.#held.get(guildId) ?? 0);
  }

  #hold(guildId: string, more: number): void {
    this.#heldByAll += more;
    const held = (this.#held.get(guildId) ?? 0) + more;
    if (held === 0) this.#held.delete(guildId);
    else this.#held.set(guildId, held);
  }
}

function guildCapped(caps: Caps): Unsaid {
  return new Unsaid('server-cap', 'cap.server', { bytes: caps.serverBytesPerDay });
}

function spentUp(): Unsaid {
  return new Unsaid('budget', 'cap.budget');
}

function unknown(): Unsaid {
  return new Unsaid('budget-unknown', 'cap.unknown');
}
