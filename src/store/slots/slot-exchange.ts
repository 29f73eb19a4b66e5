import { type Kysely, sql } from 'kysely';
import type { Connection } from '../database/connection.ts';
import type { Tables } from '../database/tables.ts';
import { StoreError } from '../errors.ts';
import type { PostgresListener } from '../postgres/listener.ts';
import { notification } from '../postgres/notify.ts';
import { isWantedFrom, planSlots, type SlotPlan, safeShare } from './slot-plan.ts';
import {
  type AccountState,
  deleteParty,
  type PartyRow,
  readAccount,
  takeAccountTurn,
  writeAccount,
  writeParties,
} from './slot-rows.ts';

// Lets the processes that share one Fish Audio key hand each other the sessions (slots) that the key allows: a process
// tells through PostgreSQL how many it uses and lacks, and hears how many it has. `slot-plan.ts` decides who gets
// which; `slot-rows.ts` has the queries.

/** The topic of what the processes tell each other about slots. */
const TOPIC = 'slots';
/** How many of its waiting lines a process reports at most: hardly ever are more slots divided at once. */
const MOST_WAITING = 40;

/**
 * How many processes that were given slots a message names at most, as PostgreSQL allows it 8,000 bytes. If there are
 * more, all are told to ask.
 */
const MOST_NAMED = 50;

/** What a process tells when it asks for slots or gives some back. */
export interface SlotReport {
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
  /** Its lines that wait: how many sessions their guild has, and for how many milliseconds it has waited. */
  readonly waiting: readonly { readonly running: number; readonly waitedMs: number }[];
  /** The limit as it is known here, and how it came to be known, as JSON. */
  readonly limitKnown: string;
  /** Whether that is news for the others, because Fish Audio has told it to this process. */
  readonly isNews: boolean;
}

/** The answer to a `SlotReport`. */
export interface SlotAnswer {
  /** How many slots it has now. */
  readonly held: number;
  /** How many the other processes have. */
  readonly elsewhere: number;
  /** How many processes share the account, with this one. */
  readonly processes: number;
  /** The limit as the account has it, in the form of `SlotReport`. */
  readonly limitKnown: string;
  /** Whether slots that are not used have to be given back. */
  readonly wanted: boolean;
}

/** What this process hears after another one has exchanged slots. */
export interface SlotWord {
  /** Whether slots are wanted now, so that those not used have to be given back. */
  readonly wanted: boolean;
  /** How many unused slots a process may keep for its next lines; null if it may keep all that it has. */
  readonly level: number | null;
  /** Whether this process has been given slots, or the limit has changed, so that it should ask. */
  readonly ask: boolean;
}

/** The message to the other processes after an exchange that concerns them; see `SlotPlan` for the names. */
interface Said {
  readonly from: string;
  /** Two of them at most: that is enough to tell whether another process than the one that hears it lacks slots. */
  readonly lacking: readonly string[];
  readonly isOver: boolean;
  readonly level: number | null;
  /** Whether all are to ask, as the limit has changed. */
  readonly limit: boolean;
  /** The processes that have been given slots. */
  readonly granted: readonly string[];
}

/** What an exchange has changed. */
interface SlotsDivided {
  readonly before: AccountState;
  readonly plan: SlotPlan;
  readonly limitKnown: string;
  /** Whether no other process uses the account. */
  readonly isAlone: boolean;
}

/** For one account at Fish Audio and all processes that use one PostgreSQL database. */
export class SlotExchange {
  readonly #connection: Connection;
  readonly #listener: PostgresListener;
  readonly #account: string;

  /** `account` names the account: a hash of its key, as keys are not stored. */
  constructor(connection: Connection, listener: PostgresListener, account: string) {
    this.#connection = connection;
    this.#listener = listener;
    this.#account = account;
  }

  /** Calls `heard` with each word of another process, and `missed` whenever some may have been or may be missed. */
  listen(heard: (word: SlotWord) => void, missed: () => void): void {
    const own = this.#listener.process;
    this.#listener.add({
      topic: TOPIC,
      listening: missed,
      lost: missed,
      heard: message => {
        const said = JSON.parse(message.slice(message.indexOf(' ') + 1)) as Said;
        if (!message.startsWith(`${this.#account} `) || said.from === own) return;
        heard({
          wanted: isWantedFrom(own, said),
          level: said.level,
          ask: said.limit || said.granted.includes(own),
        });
      },
    });
  }

  /**
   * Gives back slots, asks for others, and takes over what is known of the limit. `limitOf` reads the limit in what is
   * known of it. Resolves with null if the database cannot do it now; then nobody knows whether anything was given
   * back.
   */
  async exchange(report: SlotReport, limitOf: (limitKnown: string) => number): Promise<SlotAnswer | null> {
    try {
      return await this.#connection.write(db => this.#exchange(db, report, limitOf));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return null; // the connection has logged it
    }
  }

  /** Gives all slots back, as this process ends. Rejects with StoreError. */
  async leave(): Promise<void> {
    await this.#connection.write(async db => {
      await takeAccountTurn(db, this.#account);
      await deleteParty(db, this.#account, this.#listener.process);
      const nothing = { lacking: [], isOver: false, level: null, granted: [] };
      await this.#say(db, { from: this.#listener.process, ...nothing, limit: true });
    });
  }

  /** `exchange` in one transaction. */
  async #exchange(
    db: Kysely<Tables>,
    report: SlotReport,
    limitOf: (limitKnown: string) => number,
  ): Promise<SlotAnswer> {
    const { process } = this.#listener;
    await takeAccountTurn(db, this.#account);
    const before = await readAccount(db, this.#account);
    const others = before.parties.filter(party => party.process !== process);
    const limitKnown = limitKnownAfter(report, before);
    const limit = limitOf(limitKnown);
    const safe = safeShare(limit, others.length + 1);
    const parties = [this.#ownRow(report, before, safe), ...others];
    const plan = planAround(parties, limit);
    const after = parties.map(party => ({
      ...party,
      held: party.held + (plan.grants.get(party.process) ?? 0),
    }));
    await writeParties(db, this.#account, after);
    await this.#tell(db, { before, plan, limitKnown, isAlone: others.length === 0 });
    return {
      held: after[0]?.held ?? 0,
      elsewhere: after.slice(1).reduce((sum, { held }) => sum + held, 0),
      processes: after.length,
      limitKnown,
      wanted: isWantedFrom(process, plan),
    };
  }

  /** This process as its row is to tell of it, before slots are divided anew. */
  #ownRow(report: SlotReport, { now, parties }: AccountState, safe: number): PartyRow {
    const { process, connection } = this.#listener;
    const former = parties.find(party => party.process === process);
    const left = report.usable ?? (former?.held ?? 0) - report.givesBack;
    return {
      process,
      safe,
      connection,
      held: Math.max(report.atLeast, left),
      used: report.used,
      waiting: report.waiting
        .slice(0, MOST_WAITING)
        .map(({ running, waitedMs }) => ({ running, since: now - waitedMs })),
      missedAt: null,
    };
  }

  /** Writes what has changed of the account, and tells the other processes if it concerns them. */
  async #tell(db: Kysely<Tables>, { before, plan, limitKnown, isAlone }: SlotsDivided): Promise<void> {
    const { process } = this.#listener;
    const { isOver, level } = plan;
    const lacking = plan.lacking.slice(0, 2);
    const wanted = JSON.stringify({ lacking, isOver });
    const isNew = limitKnown !== before.limitKnown;
    if (isNew || wanted !== before.wanted) await writeAccount(db, this.#account, { limitKnown, wanted });
    const granted = [...plan.grants.keys()].filter(name => name !== process);
    const isTold = lacking.length > 0 || isOver || wanted !== before.wanted || isNew || level !== null;
    if (isAlone || !(isTold || granted.length > 0)) return;
    await this.#say(db, {
      from: process,
      lacking,
      isOver,
      level,
      limit: isNew || granted.length > MOST_NAMED,
      granted: granted.slice(0, MOST_NAMED),
    });
  }

  async #say(db: Kysely<Tables>, said: Said): Promise<void> {
    await sql`select ${notification(TOPIC, this.#account, JSON.stringify(said))}`.execute(db);
  }
}

/** What is known of the limit after a process has told what it knows: what Fish Audio has told last. */
function limitKnownAfter(report: SlotReport, { limitKnown, parties }: AccountState): string {
  // With no rows this is a start, and what the last process has left behind may be old.
  if (report.isNews || parties.length === 0) return report.limitKnown;
  return limitKnown ?? report.limitKnown;
}

/**
 * Divides the slots among the processes that are there. One that is missing may still use what it has or, as it cannot
 * reach the others, its safe share: nobody else gets these until it is back, or is taken to have ended.
 */
function planAround(parties: readonly PartyRow[], limit: number): SlotPlan {
  const missing = parties.filter(({ missedAt }) => missedAt !== null);
  const kept = missing.reduce((sum, { held, safe }) => sum + Math.max(held, safe ?? 0), 0);
  return planSlots(
    parties.filter(({ missedAt }) => missedAt === null),
    limit - kept,
  );
}
