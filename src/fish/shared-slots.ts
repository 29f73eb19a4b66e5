import type { Logger } from '../log.ts';
import { walled } from '../walls.ts';
import type { Limit } from './limit.ts';
import type { ShareWord, SlotShare, SlotSharing } from './slot-sharing.ts';
import type { Slots } from './slots.ts';

// Keeps this process to the slots that it was given (a slot is the right to one session at Fish Audio) where other
// processes use the same account: gives them back and asks for more. `slots.ts` hands them to this process's lines.

/** How often the others are asked although nothing has happened here, because a word of theirs may have been lost. */
const BEAT_MS = { waiting: 1_000, quiet: 5_000 };
/**
 * When the others cannot be reached, each process goes down to its share of the limit at once, and up to it only when
 * all others must have gone down: they notice it at most 5 s later, and their sessions take some seconds to end. A
 * process that has no slot does not wait that long until it uses one.
 */
const FIRST_SLOT_MS = 2_500;
const SHARE_MS = 8_000;

export interface SharedSlotsOptions {
  readonly sharing: SlotSharing;
  readonly slots: Slots;
  readonly pool: { readonly socketCount: number; setLimit(limit: number): void };
  readonly limit: Limit;
  readonly log: Logger;
}

/**
 * What this process has is its own as long as nobody else wants it, so that the usual line asks nobody. While others
 * wait, a slot is given back when its session ends, and whose turn it is, is decided among the lines of all processes.
 */
export class SharedSlots implements AsyncDisposable {
  readonly #options: SharedSlotsOptions;
  #share: SlotShare = {
    held: 0,
    elsewhere: 0,
    processes: Number.POSITIVE_INFINITY,
    limitKnown: '',
    wanted: false,
  };
  /** How many slots are to be given back as soon as their sockets are closed. */
  #owed = 0;
  /** How many slots may be used here now. */
  #usable = 0;
  /** How many lines that found no slot here the others know of. */
  #told = 0;
  /** Whether it was asked for a spare slot since one was there. */
  #toppedUp = false;
  #isNews = false;
  /** Since when the others cannot be reached (`performance.now()`). */
  #awaySince: number | undefined;
  #asking: Promise<void> | undefined;
  #again = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SharedSlotsOptions) {
    this.#options = options;
    const { sharing, slots } = options;
    slots.onChange = change => this.#changed(change);
    this.#use(0);
    sharing.listen(
      word => this.#heard(word),
      () => this.#ask(),
    );
    this.#ask();
  }

  /** How many slots of the account other processes may be using: all that this one does not have. */
  get elsewhere(): number {
    return Math.max(0, this.#options.limit.value - Math.max(this.#share.held, this.#usable));
  }

  /** Call this when Fish Audio has told something of the limit, or a guess was made. */
  limitChanged(): void {
    this.#isNews = true;
    this.#ask();
  }

  /** Call this when a socket was opened or closed: a slot is free only when its socket is. */
  socketsChanged(): void {
    this.#look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#asking;
    await this.#options.sharing.leave().catch(() => undefined); // the others notice it by themselves
  }

  /** How many slots are in use: Fish may count each open socket as a session. */
  get #atLeast(): number {
    const { slots, pool } = this.#options;
    return Math.max(slots.inFlight, pool.socketCount);
  }

  /** How many slots could be given back now. */
  get #givesBack(): number {
    return Math.max(0, Math.min(this.#owed, this.#share.held - this.#atLeast));
  }

  /** Whether a slot that is not used has to be given back. */
  get #isWanted(): boolean {
    return this.#share.wanted && this.#awaySince === undefined;
  }

  #changed(change: 'taken' | 'released' | 'waiting'): void {
    // While others wait, whose turn it is next is not decided here alone.
    if (change === 'released' && this.#isWanted && this.#usable > this.#options.slots.inFlight) this.#owe(1);
    queueMicrotask(() => this.#look());
  }

  #owe(slots: number): void {
    this.#owed = Math.min(this.#share.held, this.#owed + slots);
    this.#use(this.#share.held - this.#owed);
  }

  /** Asks the others if there is something to give back or to ask for. */
  #look(): void {
    if (this.#ended) return;
    const { slots } = this.#options;
    const spare = this.#usable - slots.inFlight;
    const lacking = Math.max(0, slots.waiting - Math.max(0, spare));
    if (this.#isWanted && spare > slots.waiting) this.#owe(spare - slots.waiting);
    if (spare > 0) this.#toppedUp = false;
    const isSpent = spare <= 0 && !this.#toppedUp && !this.#share.wanted && this.#share.elsewhere > 0;
    if (isSpent) this.#toppedUp = true;
    if (this.#givesBack > 0 || lacking > this.#told || isSpent) this.#ask();
  }

  #heard({ wanted, level, ask }: ShareWord): void {
    this.#take({ ...this.#share, wanted });
    const { slots } = this.#options;
    const spare = this.#usable - slots.inFlight - slots.waiting;
    if (level !== null && spare > level) this.#owe(spare - level);
    if (ask) this.#ask();
    else this.#look();
  }

  #ask(): void {
    if (this.#ended) return;
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = this.#exchange().finally(() => {
      this.#asking = undefined;
      if (this.#ended) return;
      const again = this.#again;
      this.#again = false;
      if (again && this.#awaySince === undefined) this.#ask();
      else this.#later();
      if (this.#awaySince === undefined) this.#look();
    });
  }

  async #exchange(): Promise<void> {
    const { sharing, slots, limit, log } = this.#options;
    const givesBack = this.#givesBack;
    // What is given back must not be used meanwhile, whatever becomes of the message.
    this.#share = { ...this.#share, held: this.#share.held - givesBack };
    this.#owed -= givesBack;
    const waiting = slots.waitingLanes();
    this.#told = waiting.length;
    const isNews = this.#isNews;
    this.#isNews = false;
    const used = slots.inFlight + this.#owed;
    const usable = this.#awaySince === undefined ? null : this.#usable;
    const report = {
      givesBack,
      usable,
      used,
      atLeast: this.#atLeast,
      waiting,
      limitKnown: limit.known,
      isNews,
    };
    try {
      const share = await sharing.exchange(report, known => limit.valueIn(known));
      if (share) return this.#agreed(share);
    } catch (error) {
      log.error({ fault: 'shared slots', err: error }, 'a fault: slots are used as if the others were away');
    }
    this.#isNews ||= isNews;
    this.#awaySince ??= performance.now();
    this.#useSafely();
  }

  #agreed(share: SlotShare): void {
    this.#awaySince = undefined;
    this.#take(share);
    // What Fish Audio has told meanwhile is told to the others next.
    if (!this.#isNews) this.#options.limit.adopt(share.limitKnown);
  }

  /** Takes over what this process has. What it was to give back is its own again once nobody wants it any more. */
  #take(share: SlotShare): void {
    if (this.#share.wanted && !share.wanted) this.#owed = 0;
    this.#share = share;
    if (this.#awaySince === undefined) this.#use(Math.max(0, share.held - this.#owed));
  }

  /** The others cannot be reached: uses what this process may use in any case (see `SHARE_MS`). */
  #useSafely(): void {
    const { limit } = this.#options;
    const { processes, limitKnown, held } = this.#share;
    this.#owed = 0;
    const away = performance.now() - (this.#awaySince ?? 0);
    // The others expect this share by the limit that all knew; Fish Audio may have told a lower one since then.
    const most = Math.min(limit.value, limit.valueIn(limitKnown));
    const share = Math.max(1, Math.floor(most / processes));
    if (away >= SHARE_MS || processes === Number.POSITIVE_INFINITY) this.#use(share);
    else this.#use(Math.max(Math.min(held, share), away >= FIRST_SLOT_MS ? 1 : 0));
  }

  #later(): void {
    clearTimeout(this.#timer);
    const ms =
      this.#options.slots.waiting > 0 || this.#awaySince !== undefined ? BEAT_MS.waiting : BEAT_MS.quiet;
    this.#timer = setTimeout(() => walled(this.#options.log, 'shared slots', () => this.#ask()), ms).unref();
  }

  #use(usable: number): void {
    if (usable === this.#usable) return;
    this.#usable = usable;
    const { slots, pool } = this.#options;
    slots.setLimit(usable);
    pool.setLimit(usable);
  }
}
