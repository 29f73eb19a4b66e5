import type { VoiceOwners } from './clones/voice-owners.ts';
import type { Connection } from './database/connection.ts';
import type { GuildMembership } from './guilds/guild-membership.ts';
import type { GuildRecords } from './guilds/guild-records.ts';
import type { KeptByGuild } from './kept/kept-by-guild.ts';
import type { Stay } from './kept/kept-facts.ts';
import type { WriteBehindLedger } from './ledger/write-behind-ledger.ts';
import type { OtherProcesses } from './processes/other-processes.ts';

// Does the store's work that nobody asks for: when the database works again it writes what is outstanding, and once an
// hour it deletes what is too old and has copies made.

/** How often guilds that the bot left long ago are deleted, and copies of the database that are due are made. */
const UPKEEP_MS = 3_600_000;

/** The parts of the store that have something to write, to read again or to delete. */
export interface UpkeepParts {
  readonly connection: Connection;
  readonly records: GuildRecords;
  readonly membership: GuildMembership;
  /** Facts of which each guild has at most one. */
  readonly kept: readonly Pick<KeptByGuild<Stay>, 'save' | 'outdated'>[];
  readonly ledger: WriteBehindLedger;
  readonly voiceOwners: VoiceOwners;
  readonly others: OtherProcesses | undefined;
}

export class Upkeep implements Disposable {
  readonly #parts: UpkeepParts;
  readonly #timer: NodeJS.Timeout;
  /** By guild id: what drops the changes that could not be saved before another process was to have the guild. */
  readonly #handedOver = new Map<string, readonly (() => void)[]>();

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    const { connection, membership, others } = parts;
    this.#timer = setInterval(() => {
      membership.repeat();
      inBackground(this.catchUp().then(() => this.purge()));
      if (others) inBackground(others.prune());
      void connection.maintain();
    }, UPKEEP_MS).unref();
  }

  /**
   * Does at the start what `catchUp` does, and follows from now on what other processes change. Rejects with
   * StoreError.
   */
  async begin(): Promise<void> {
    const { connection, others } = this.#parts;
    if (others) await connection.read(db => others.catchUp(db));
    await this.catchUp();
  }

  /**
   * Writes all that the database does not have yet, and reads what has to be known from the start, which is also done
   * when nothing can be written. Rejects with StoreError.
   */
  async catchUp(): Promise<void> {
    const { ledger, voiceOwners } = this.#parts;
    const saving = this.saveAll(); // it is asked for first, and so comes before whatever is saved from now on
    inBackground(saving);
    await voiceOwners.read();
    await ledger.learnToday();
    await saving;
  }

  /** Does what `Store.guildsHandedOver` says. */
  async handOver(guildIds: readonly string[]): Promise<void> {
    const { membership, records, kept } = this.#parts;
    membership.handOver(guildIds);
    await this.saveAll().catch(() => {
      // It is kept, and saved later, unless another process has changed something in the guild by then.
      for (const guildId of guildIds)
        this.#handedOver.set(
          guildId,
          [records, ...kept].map(part => part.outdated(guildId)),
        );
    });
    for (const guildId of guildIds) if (!records.isUnsaved(guildId)) records.forget(guildId);
  }

  /**
   * Notes that another process has changed something in a guild, or with null, perhaps in any guild. If the guild was
   * handed over, what could not be saved before is older than that, and is dropped; opt-outs alone are still saved.
   */
  changedByOthers(guildId: string | null): void {
    for (const id of guildId === null ? [...this.#handedOver.keys()] : [guildId]) {
      for (const drop of this.#handedOver.get(id) ?? []) drop();
      this.#handedOver.delete(id);
    }
  }

  /** Writes all that the database does not have yet. Rejects with StoreError, and then it is kept for later. */
  async saveAll(): Promise<void> {
    const { records, membership, kept, ledger } = this.#parts;
    for (const guildId of records.unsavedGuildIds) await records.saveUnsaved(guildId);
    await membership.save();
    for (const one of kept) await one.save();
    this.#handedOver.clear(); // nothing of it is left to be saved
    await ledger.flush();
  }

  /** Deletes what is kept of the guilds that were left long ago. Rejects with StoreError. */
  async purge(): Promise<void> {
    const { membership, records } = this.#parts;
    for (const guildId of await membership.purge()) records.forget(guildId);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#parts.others?.[Symbol.dispose]();
  }
}

/** Ignores the failure of a task that is done again when the database works again. */
export function inBackground(task: Promise<unknown>): void {
  task.catch(() => undefined);
}
