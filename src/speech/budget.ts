import type { Ledger, LedgerEntry } from '../store/store.ts';
import { Minutes } from './minutes.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { ToldOnce } from './told-once.ts';

/** The limits of one guild, in UTF-8 bytes, which is what Fish Audio bills. */
export interface Caps {
  readonly messageBytes: number;
  readonly personBytesPerMinute: number;
  readonly serverBytesPerDay: number;
}

/** What the budget needs of the ledger. */
type Spending = Pick<Ledger, 'add' | 'todayIsKnown' | 'guildToday' | 'usdToday'>;

export interface BudgetOptions {
  readonly ledger: Spending;
  /** How many US dollars the whole process may spend on each day of UTC. */
  readonly dailyUsd: number;
  /** The price. If it is 0, `dailyUsd` does not matter, and only bytes are limited. */
  readonly usdPerMillionBytes: number;
  /** Is called with all that is added to the ledger. */
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
  /** Notes that so many bytes are sent now. A negative number takes back bytes that Fish never received. */
  spent(bytes: number): void;
  /** Notes that the words were said from memory, so that none of them are sent. */
  saidFromMemory(): void;
  /** Holds so many bytes more. Throws Unsaid if they would pass the day's cap of the guild or of the process. */
  extend(bytes: number): void;
  /**
   * Holds all bytes anew, to send them again. Throws Unsaid if they would pass the day's cap of the guild or process.
   */
  renew(): void;
  /** Gives back the bytes that were not sent. Bytes that are sent later are still counted. */
  release(): void;
}

/** This share of each cap of a day may be used while it is not known what was spent earlier on that day. */
const UNKNOWN_DAY_SHARE = 1 / 100;

const DAY_MS = 24 * 60 * 60_000;
const NANO = 1e9;

/**
 * Keeps speech within its caps. When a line is offered, its bytes count for the person's minute (`admit`). When it is
 * about to be sent, its bytes are held (`reserve`), so that several lines at once cannot pass a cap together. When
 * bytes are sent, they are written into the ledger.
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
  }

  /** Admits a line. Throws Unsaid if it would pass a cap of the person, the guild or the process. */
  admit(request: Request): void {
    this.check(request);
    this.addTo(request);
  }

  /** Throws Unsaid if a line would pass a cap of the person, the guild or the process; counts nothing. */
  check({ guildId, userId, bytes, caps }: Request): void {
    if (this.#minutes.total(`${guildId} ${userId}`) + bytes > caps.personBytesPerMinute)
      throw new Unsaid('person-cap', 'cap.person', { bytes: caps.personBytesPerMinute });
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
    return {
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
      },
      renew: () => {
        this.#checkDay(guildId, total - left, caps);
        hold(total - left);
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
    const unknown = () => new Unsaid('budget-unknown', 'cap.unknown');
    const ofGuild = this.#ledger.guildToday(guildId) + (this.#held.get(guildId) ?? 0);
    if (ofGuild + bytes > caps.serverBytesPerDay * share)
      throw isKnown ? new Unsaid('server-cap', 'cap.server', { bytes: caps.serverBytesPerDay }) : unknown();
    if (this.#nanoUsdPerByte === 0) return;
    const nanoUsd = this.#ledger.usdToday() * NANO + (this.#heldByAll + bytes) * this.#nanoUsdPerByte;
    if (Math.round(nanoUsd) > this.#dailyNanoUsd * share)
      throw isKnown ? new Unsaid('budget', 'cap.budget') : unknown();
  }

  #hold(guildId: string, more: number): void {
    this.#heldByAll += more;
    const held = (this.#held.get(guildId) ?? 0) + more;
    if (held === 0) this.#held.delete(guildId);
    else this.#held.set(guildId, held);
  }
}
