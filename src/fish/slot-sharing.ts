import type { WaitingLane } from './slots.ts';

// The types by which several processes of the bot agree on the slots of one Fish Audio account (a slot is the right to
// one session). `shared-slots.ts` is this process's side of it; `src/store/slots/slot-exchange.ts` agrees through
// PostgreSQL.

/** What this process tells those that use the same account at Fish Audio. */
interface ShareReport {
  /** How many slots it gives back. */
  readonly givesBack: number;
  /**
   * How many slots it may be using if it could not reach the others: these are what it has now. Null if it has reached
   * them all along.
   */
  readonly usable: number | null;
  /** How many slots it uses for sessions. */
  readonly used: number;
  /** How many it cannot do without now, since their sockets are open. */
  readonly atLeast: number;
  /** Its lines that wait, in the order in which they are served. */
  readonly waiting: readonly WaitingLane[];
  /** The limit as it is known here, and how it came to be known, as JSON. */
  readonly limitKnown: string;
  /** Whether `limitKnown` is news for the others, because Fish Audio has told it to this process. */
  readonly isNews: boolean;
}

/** What a process has of the account's slots after it has told its report. */
export interface SlotShare {
  readonly held: number;
  /** How many slots the other processes have. */
  readonly elsewhere: number;
  /** How many processes share the account, with this one. */
  readonly processes: number;
  /** The limit as all of them know it, in the form of `ShareReport`. */
  readonly limitKnown: string;
  /** Whether a slot has to be given back as soon as it is not used, since others wait for one. */
  readonly wanted: boolean;
}

/** What another process has said. */
export interface ShareWord {
  readonly wanted: boolean;
  /** How many slots each process may keep to spare; null if as many as it has. */
  readonly level: number | null;
  /** Whether this process should ask what it has now. */
  readonly ask: boolean;
}

/** How several processes agree on the sessions that one account at Fish Audio may have. */
export interface SlotSharing {
  /**
   * Gives back slots, asks for others, and takes over what is known of the limit. `limitOf` reads the limit in what is
   * known of it. Resolves with null if the others cannot be reached; then nobody knows whether anything was given back.
   */
  exchange(report: ShareReport, limitOf: (limitKnown: string) => number): Promise<SlotShare | null>;
  /** Calls `heard` with what others say, and `missed` whenever something may have been or may be missed. */
  listen(heard: (word: ShareWord) => void, missed: () => void): void;
  /** Gives all slots back, as this process ends. Rejects if the others cannot be reached. */
  leave(): Promise<void>;
}
