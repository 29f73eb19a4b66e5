import { Minutes } from './minutes.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { ToldOnce } from './told-once.ts';

/** The limits of one server, in UTF-8 bytes as Fish Audio bills them. */
export interface Caps {
  readonly messageBytes: number;
  readonly personBytesPerMinute: number;
  readonly serverBytesPerDay: number;
}

/** What the budget needs of the ledger, whose days are UTC. */
interface Spending {
  /** Negative numbers take back what was never received. `nanoUsd`: 10⁻⁹ US dollars. */
  add(entry: { guildId: string; userId: string; bytes: number; nanoUsd: number }): void;
  /** False: what was spent today before this process began is not known yet. */
  todayIsKnown(): boolean;
  /** Bytes of a guild today. */
  guildToday(guildId: string): number;
  /** US dollars of the whole process today. */
  usdToday(): number;
}

interface BudgetOptions {
  readonly ledger: Spending;
  /** The whole process spends this much a UTC day. */
  readonly dailyUsd: number;
  /** 0: money is no object, and bytes are counted all the same. */
  readonly usdPerMillionBytes: number;
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

/** Bytes that may be sent. */
export interface Reservation {
  /** So many are sent now; negative: have turned out not to have been. */
  spent(bytes: number): void;
  /** So many more are to be sent. Throws Unsaid when they would pass the server's or the process's day. */
  extend(bytes: number): void;
  /** All of it is to be sent once more. Throws Unsaid when that would pass the server's or the process's day. */
  renew(): void;
  /** Gives back what was not sent; what is sent after that is still counted. */
  release(): void;
}

/** The share of each cap of a day that may be used as long as nobody knows what was spent before on that day. */
const UNKNOWN_DAY_SHARE = 1 / 100;

const DAY_MS = 24 * 60 * 60_000;
const NANO = 1e9;

/**
 * Keeps speech within its caps. A line is admitted when it is offered, which counts for the person's minute. Its
 * bytes are held when they are about to be sent, so that many lines at once cannot pass a cap together, and stand in
 * the ledger as they are sent.
 */
export class Budget {
  readonly #ledger: Spending;
  readonly #dailyNanoUsd: number;
  readonly #nanoUsdPerByte: number;
  readonly #now: () => number;
  readonly #minutes: Minutes;
  /** Bytes reserved and not sent yet, by guild. */
  readonly #held = new Map<string, number>();
  #heldByAll = 0;
  /** By day, guild and reason. */
  readonly #told = new ToldOnce({ quietMs: DAY_MS });

  constructor({ ledger, dailyUsd, usdPerMillionBytes, now = Date.now, uptime }: BudgetOptions) {
    this.#ledger = ledger;
    this.#dailyNanoUsd = Math.round(dailyUsd * NANO);
    this.#nanoUsdPerByte = (usdPerMillionBytes * NANO) / 1e6;
    this.#now = now;
    this.#minutes = new Minutes(uptime);
  }

  /** Lets a line in. Throws Unsaid when it would pass a cap: the person's, the server's or the process's. */
  admit(request: Request): void {
    this.check(request);
    this.addTo(request);
  }

  /** Throws Unsaid when a line would not be let in. */
  check({ guildId, userId, bytes, caps }: Request): void {
    if (this.#minutes.total(`${guildId} ${userId}`) + bytes > caps.personBytesPerMinute)
      throw new Unsaid('person-cap', 'cap.person', { bytes: caps.personBytesPerMinute });
    this.#checkDay(guildId, bytes, caps);
  }

  /** Words that an admitted line turned out to need besides its own, as who speaks: they count for the minute. */
  addTo({ guildId, userId, bytes }: Omit<Request, 'caps'>): void {
    this.#minutes.add(`${guildId} ${userId}`, bytes);
  }

  /** Holds bytes that are about to be sent. Throws Unsaid when they would pass the server's or the process's day. */
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
        this.#ledger.add({ guildId, userId, bytes: sent, nanoUsd });
        hold(-Math.min(sent, left));
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

  /** True once a UTC day for each guild and reason: it has not been told yet that nothing more is said for that. */
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
