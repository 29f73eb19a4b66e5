import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../../log.ts';
import type { Connection } from '../database/connection.ts';
import type { TaskQueue } from '../database/task-queue.ts';
import type { TellChange } from '../processes/told-changes.ts';
import type { GuildRecord, Store } from '../store.ts';
import { writeChoices } from './changes.ts';
import { GuildMemory } from './guild-memory.ts';
import { EMPTY_RECORD, readGuild } from './guild-rows.ts';
import type { Change } from './live-record.ts';
import type { StoredSettings } from './setting-values.ts';
import { Unsaved, type UnsavedChoice, type WaitingChange } from './unsaved.ts';

// Reads and changes the records of guilds (settings, dictionary, people's choices), also while the database does not
// work. It joins `guild-memory.ts` (what the database has) with `unsaved.ts` (what it does not have yet).

export interface GuildRecordsOptions {
  readonly kind: Store['kind'];
  readonly connection: Connection;
  readonly queue: TaskQueue;
  /** Tells the other processes of each change, where there are others. */
  readonly tell: TellChange;
  readonly log: Logger;
}

/**
 * The records of all guilds as they are valid now, with the changes that the database does not have yet. All changes of
 * records go through here, one after another.
 */
export class GuildRecords {
  readonly #options: GuildRecordsOptions;
  readonly #memory: GuildMemory;
  readonly #unsaved = new Unsaved();
  /** Called with the id of a guild whose settings have been changed. */
  onSettings: (guildId: string) => void = () => {};

  constructor(options: GuildRecordsOptions) {
    this.#options = options;
    const { kind, connection, log } = options;
    this.#memory = new GuildMemory(
      guildId => connection.read(db => readGuild(db, guildId, log.child({ guildId }))),
      kind,
    );
  }

  /** The ids of the guilds that have changes which the database does not have yet. */
  get unsavedGuildIds(): readonly string[] {
    return this.#unsaved.guildIds;
  }

  /** Whether the database does not have the latest changes of this guild yet. */
  isUnsaved(guildId: string): boolean {
    return this.#unsaved.of(guildId).length > 0;
  }

  /** The guild's record, read from the database the first time. Never rejects (see `Store.guild`). */
  async guild(guildId: string): Promise<GuildRecord> {
    return this.#unsaved.over(guildId, await this.#memory.guild(guildId));
  }

  /** The guild's record if it is in memory; undefined if it is not. */
  cached(guildId: string): GuildRecord | undefined {
    const known = this.#memory.known(guildId);
    return known && this.#unsaved.over(guildId, known);
  }

  /** The guild's record as it was read from the database; undefined when it was not read yet. */
  read(guildId: string): GuildRecord | undefined {
    return this.#memory.read(guildId);
  }

  /** Has settings hold from now on, without saving them; the caller has checked them. Returns the record that holds. */
  rememberSettings(guildId: string, patch: StoredSettings): GuildRecord {
    this.#unsaved.addSettings(guildId, patch);
    this.onSettings(guildId);
    return this.cached(guildId) ?? this.#unsaved.over(guildId, EMPTY_RECORD);
  }

  /** Has an opt-out (`out` true) or an opt-in hold from now on, without saving it. */
  rememberOptOut(guildId: string, userId: string, out: boolean): void {
    this.#unsaved.addOptOut(guildId, userId, out);
  }

  /**
   * Makes a change in the database when its turn comes, and then in the record, which it resolves with. Rejects with
   * StoreError. `settings` are those that the change sets: older unsaved values of them are then no longer needed.
   */
  save(guildId: string, change: Change, settings: StoredSettings = {}): Promise<GuildRecord> {
    const since = performance.now();
    const waiting = this.#unsaved.waitFor(
      choice => choice.kind === 'setting' && choice.guildId === guildId && choice.name in settings,
    );
    return this.#options.queue.run(async () => {
      using turn = waiting;
      const record = await this.#write(guildId, change, since);
      this.#unsaved.drop(turn.before);
      if (Object.keys(settings).length > 0) this.onSettings(guildId);
      return this.#unsaved.over(guildId, record);
    });
  }

  /**
   * Writes the changes of a guild that the database does not have yet. Rejects with StoreError, and then keeps them.
   */
  saveUnsaved(guildId: string): Promise<GuildRecord> {
    const { queue, log } = this.#options;
    const since = performance.now();
    return queue.run(async () => {
      let due = this.#unsaved.due(guildId);
      if (due.length === 0) return await this.guild(guildId);
      const change: Change = async db => {
        due = this.#unsaved.due(guildId); // some may have been dropped since, if the database was opened anew
        return await writeChoices(db, guildId, due, log);
      };
      const record = await this.#write(guildId, change, since);
      this.#unsaved.drop(due);
      return this.#unsaved.over(guildId, record);
    });
  }

  /** A person's opt-outs from before a time (epoch milliseconds) that the database does not have yet, in all guilds. */
  unsavedOptOutsOf(userId: string, before: number): readonly UnsavedChoice[] {
    return this.#unsaved.optOutsOf(userId, before);
  }

  /**
   * Call this when the deletion of a person is asked for: opt-outs of theirs from now on are not written before
   * it. Dispose of what is returned when the deletion has had its turn.
   */
  waitForDeletion(userId: string): WaitingChange {
    return this.#unsaved.waitFor(({ kind, name }) => kind === 'opt-out' && name === userId);
  }

  /**
   * Returns what drops the settings of a guild that the database does not have by now, since another process has
   * decided otherwise. Opt-outs are not dropped.
   */
  outdated(guildId: string): () => void {
    const settings = this.#unsaved.of(guildId).filter(({ kind }) => kind === 'setting');
    return () => this.#unsaved.drop(settings);
  }

  /** Takes everything of a person out of the records, and drops these unsaved opt-outs of theirs. */
  forgetPerson(userId: string, optOuts: readonly UnsavedChoice[]): void {
    this.#unsaved.drop(optOuts);
    this.#memory.forgetPerson(userId);
  }

  /**
   * Reads a guild's record again if it is in memory, because another process has changed it. Never rejects: while the
   * database cannot be read, the record stays as it is.
   */
  async refresh(guildId: string): Promise<void> {
    const before = this.#memory.read(guildId)?.settings;
    await this.#memory.refresh(guildId);
    const after = this.#memory.read(guildId)?.settings;
    if (before && after && !isDeepStrictEqual(before, after)) this.onSettings(guildId);
  }

  /** Marks all records as possibly wrong: whoever asks next has them read again. */
  doubtAll(): void {
    this.#memory.doubtAll();
  }

  /** Takes a guild's record out of memory. */
  forget(guildId: string): void {
    this.#memory.forget(guildId);
  }

  /** Has records read again, now that the database works again: all of them if it was opened anew (`reopened`). */
  databaseWorksAgain(reopened: boolean): void {
    this.#memory.forgetUnread();
    if (reopened) this.doubtAll(); // a copy may have taken the place of the database
  }

  async #write(guildId: string, change: Change, since: number): Promise<GuildRecord> {
    const { kind, connection, tell } = this.#options;
    const told: Change = async db => {
      await tell(db, { guildId });
      return await change(db);
    };
    try {
      this.#memory.changed(guildId, await connection.write(told, since));
    } catch (error) {
      // SQLite has written nothing then. If PostgreSQL was lost while it committed, nobody knows whether it has
      // written.
      if (kind === 'postgres') this.#memory.doubt(guildId);
      throw error;
    }
    return await this.#memory.guild(guildId);
  }
}
