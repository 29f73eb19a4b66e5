import type { Kysely } from 'kysely';
import type { VoiceOwners } from '../clones/voice-owners.ts';
import type { Connection } from '../database/connection.ts';
import type { Tables } from '../database/tables.ts';
import type { GuildRecords } from '../guilds/guild-records.ts';
import { dayOf } from '../ledger/day.ts';
import { pruneBatches } from '../ledger/ledger-rows.ts';
import { prunePortions } from '../ledger/portion-rows.ts';
import type { PostgresListener } from '../postgres/listener.ts';
import { CHANGE, changesSince, pruneChanges, TOLD_FOR_MS, type ToldChange, toldIn } from './told-changes.ts';

// Where several processes of the bot use one PostgreSQL database, hears what the others change (settings, opt-outs,
// deletions), and has it read again here. After it was cut off, it looks for such changes before this process writes
// what it could not save, so that nothing deleted comes back. `told-changes.ts` has the form in which they tell it.

/** How often the database is asked for changes, as the message about one (NOTIFY) may have been lost. */
const POLL_MS = 12_000;
/** For how many days before today portions are kept, and the ids of the last batches of ledger rows. */
const DAYS_KEPT = 2;

export interface OtherProcessesOptions {
  readonly listener: PostgresListener;
  readonly connection: Connection;
  readonly records: GuildRecords;
  readonly voiceOwners: VoiceOwners;
  /** See `Store.onDeletedPerson`. */
  readonly onDeletedPerson: (userId: string | null) => void;
  /**
   * Called with the id of a guild that another process has changed, and with null where such a change may have been
   * missed, whichever guild it was.
   */
  readonly onChangedGuild: (guildId: string | null) => void;
  /** The present time, in epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Hears of a change at once by NOTIFY, and asks the database for missed ones every few seconds, and whenever listening
 * has begun anew. What this process has in memory is then read again, or deleted.
 */
export class OtherProcesses implements Disposable {
  readonly #options: OtherProcessesOptions;
  readonly #polling: NodeJS.Timeout;
  /** The guilds that are being read again; true when they were changed once more meanwhile. */
  readonly #reading = new Map<string, boolean>();
  /** The changes that were followed already, and may be found once more by asking. */
  readonly #followed = new Map<string, number>();
  /** Up to where changes were asked for, and when that was (`performance.now()`). */
  #asked: { readonly until: number; readonly at: number } | undefined;

  constructor(options: OtherProcessesOptions) {
    this.#options = options;
    options.listener.add({
      topic: CHANGE,
      heard: message => {
        const change = toldIn(message);
        if (change) this.#follow(change);
      },
      listening: () => void this.ask(),
    });
    this.#polling = setInterval(() => void this.ask(), POLL_MS).unref();
  }

  /**
   * Call this with a database that was opened anew, before anything is written there: what others have deleted or
   * decided since must not come back from the changes that this process could not save. Whatever else they have changed
   * is read again later, as after every message about a change. Rejects with the error of the database.
   */
  async catchUp(db: Kysely<Tables>): Promise<void> {
    const { listener } = this.#options;
    const at = performance.now();
    const before = this.#asked;
    const { until, changes } = await changesSince(db, before?.until);
    if (!before || at - before.at >= TOLD_FOR_MS / 2) {
      this.#asked = { until, at };
      return this.#missed();
    }
    for (const change of changes) {
      const { process, subject } = change;
      if ('userId' in subject) this.#follow(change);
      else if (process !== listener.process && !this.#followed.has(keyOf(change)))
        this.#options.onChangedGuild(subject.guildId);
    }
  }

  /** Deletes from the database what nobody asks for any more. Rejects with StoreError. */
  async prune(): Promise<void> {
    const { connection, now } = this.#options;
    await connection.write(async db => {
      await pruneChanges(db);
      const day = dayOf(now(), DAYS_KEPT);
      await prunePortions(db, day);
      await pruneBatches(db, day);
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#polling);
  }

  /** Asks the database for changes. Never rejects: while it does not answer, they are asked for later. */
  async ask(): Promise<void> {
    const { connection, voiceOwners } = this.#options;
    const at = performance.now();
    const before = this.#asked;
    const answer = await connection.read(db => changesSince(db, before?.until)).catch(() => undefined);
    if (!answer || this.#asked !== before) return;
    this.#asked = { until: answer.until, at };
    if (before && at - before.at < TOLD_FOR_MS / 2) for (const change of answer.changes) this.#follow(change);
    else {
      this.#missed();
      await voiceOwners.read().catch(() => undefined); // they are read again when the database works again
    }
    for (const [key, xact] of this.#followed) if (xact < answer.until) this.#followed.delete(key);
  }

  /** Nobody knows what others have changed. */
  #missed(): void {
    const { records, onDeletedPerson, onChangedGuild } = this.#options;
    records.doubtAll();
    onDeletedPerson(null);
    onChangedGuild(null);
  }

  #follow(change: ToldChange): void {
    const { xact, process, subject, at = Number.NEGATIVE_INFINITY } = change;
    const { listener, records, voiceOwners, onDeletedPerson, onChangedGuild } = this.#options;
    const key = keyOf(change);
    if (process === listener.process || this.#followed.has(key)) return;
    this.#followed.set(key, xact);
    if ('guildId' in subject) {
      onChangedGuild(subject.guildId);
      void this.#readAgain(subject.guildId);
    } else {
      // An opt-out of after the deletion holds; where nobody knows which of the two was first, it holds too.
      records.forgetPerson(subject.userId, records.unsavedOptOutsOf(subject.userId, at));
      voiceOwners.forgetPerson(subject.userId);
      onDeletedPerson(subject.userId);
    }
  }

  /** Reads again what is in memory of a guild: only once more, if it is changed several times meanwhile. */
  async #readAgain(guildId: string): Promise<void> {
    const underWay = this.#reading.has(guildId);
    this.#reading.set(guildId, underWay);
    if (underWay) return;
    const { records, voiceOwners } = this.#options;
    do {
      this.#reading.set(guildId, false);
      await records.refresh(guildId);
      await voiceOwners.readGuild(guildId).catch(() => undefined); // all are read when the database works again
    } while (this.#reading.get(guildId));
    this.#reading.delete(guildId);
  }
}

function keyOf({ xact, subject }: ToldChange): string {
  return `${xact} ${'guildId' in subject ? subject.guildId : subject.userId}`;
}
