import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import { type GuildSettings, guildSettings } from '../settings/guild.ts';
import { type PersonSettings, personSettings } from '../settings/person.ts';
import { patchGuild, patchPerson, replaceWords, setIgnored } from './changes.ts';
import { insertClone, readCloneOwners, readDoomed } from './clone-rows.ts';
import type { Connection } from './connection.ts';
import { inTime } from './deadline.ts';
import { deletePerson, deleteVoice } from './deletions.ts';
import type { StoreProblem } from './errors.ts';
import { markWelcomed } from './guilds.ts';
import { GuildMembership } from './guild-membership.ts';
import { GuildRecords } from './guild-records.ts';
import { KeptByGuild } from './kept-by-guild.ts';
import { stayTable } from './kept-stays.ts';
import { statusTable } from './kept-statuses.ts';
import { keepLastImport, readLastImport } from './last-imports.ts';
import { both } from './live-record.ts';
import { readPerson } from './people.ts';
import { checkedPatch } from './setting-values.ts';
import type {
  Census,
  Clone,
  GuildRecord,
  LastImport,
  PersonExport,
  ShownStatus,
  Stay,
  Store,
} from './store.ts';
import type { Tables } from './tables.ts';
import { TaskQueue } from './task-queue.ts';
import { VoiceOwners } from './voice-owners.ts';
import { WriteBehindLedger } from './write-behind-ledger.ts';

/** So often guilds that were left long ago are deleted, and copies of the database that are due are made. */
const UPKEEP_MS = 3_600_000;
/** When the store is closed, what is not in the database yet has so long to be written. */
const LAST_WRITES_MS = 2_000;

export interface LiveStoreOptions {
  readonly kind: Store['kind'];
  /** A connection that was not started yet. */
  readonly connection: Connection;
  /** The name of the bot, by which its batches of ledger rows are known. */
  readonly lease: string;
  readonly log: Logger;
  /** The present time, in epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The store: it answers from memory, saves to a database, and goes on while the database does not work. What the methods
 * promise stands at the interface `Store`.
 */
export class LiveStore implements Store {
  readonly kind: Store['kind'];
  readonly ledger: WriteBehindLedger;
  readonly stays: KeptByGuild<Stay>;
  readonly statuses: KeptByGuild<ShownStatus>;
  /** All facts of which each guild has at most one. */
  readonly #kept: readonly (KeptByGuild<Stay> | KeptByGuild<ShownStatus>)[];
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #queue = new TaskQueue();
  readonly #records: GuildRecords;
  readonly #membership: GuildMembership;
  readonly #voiceOwners = new VoiceOwners();
  readonly #upkeep: NodeJS.Timeout;

  private constructor({ kind, connection, lease, log, now }: LiveStoreOptions) {
    this.kind = kind;
    this.#connection = connection;
    this.#now = now;
    this.#log = log;
    this.#records = new GuildRecords({ kind, connection, queue: this.#queue, log });
    this.ledger = new WriteBehindLedger(connection, this.#queue, lease, now);
    this.stays = new KeptByGuild(connection, this.#queue, stayTable);
    this.statuses = new KeptByGuild(connection, this.#queue, statusTable);
    this.#kept = [this.stays, this.statuses];
    const onLeft = (guildId: string) => {
      for (const kept of this.#kept) kept.forget(guildId);
    };
    this.#membership = new GuildMembership({ connection, queue: this.#queue, now, onLeft, log });
    connection.onWell = ({ reopened }) => {
      this.#records.databaseWorksAgain(reopened);
      this.#inBackground(this.#catchUp());
    };
    this.#upkeep = setInterval(() => {
      this.#membership.repeat();
      this.#inBackground(this.#catchUp().then(() => this.#purge()));
      void connection.maintain();
    }, UPKEEP_MS).unref();
  }

  /**
   * Opens the database, and reads what has to be known from the start. Rejects with StoreHeldError or StoreNewerError.
   * After any other failure it resolves, and `problem` says what is wrong.
   */
  static async start(options: LiveStoreOptions): Promise<LiveStore> {
    await options.connection.start();
    const store = new LiveStore(options);
    await store.#catchUp().catch(() => undefined); // it is done again when the database works again
    void options.connection.maintain();
    return store;
  }

  get problem(): StoreProblem | null {
    return this.#connection.problem;
  }

  guild(guildId: string): Promise<GuildRecord> {
    return this.#records.guild(guildId);
  }

  cached(guildId: string): GuildRecord | undefined {
    return this.#records.cached(guildId);
  }

  async saveSettings(guildId: string, patch: Partial<GuildSettings>): Promise<GuildRecord> {
    const checked = checkedPatch(guildSettings, patch);
    return await this.#records.save(guildId, db => patchGuild(db, guildId, checked, this.#log), checked);
  }

  async savePerson(guildId: string, userId: string, patch: Partial<PersonSettings>): Promise<GuildRecord> {
    const checked = checkedPatch(personSettings, patch);
    return await this.#records.save(guildId, db => patchPerson(db, guildId, userId, checked, this.#log));
  }

  async saveOptOut(guildId: string, userId: string, out: boolean): Promise<GuildRecord> {
    this.#records.rememberOptOut(guildId, userId, out);
    return await this.#records.saveUnsaved(guildId);
  }

  async saveIgnored(guildId: string, userId: string, ignored: boolean): Promise<GuildRecord> {
    return await this.#records.save(guildId, db => setIgnored(db, guildId, userId, ignored));
  }

  async saveWords(guildId: string, words: ReadonlyMap<string, string>, by?: string): Promise<GuildRecord> {
    const copy = new Map(words);
    return await this.#records.save(guildId, db =>
      replaceWords(db, guildId, { words: copy, by, before: this.#records.read(guildId)?.words }),
    );
  }

  async replaceGuild(
    guildId: string,
    { settings, words, by, undo }: Parameters<Store['replaceGuild']>[1],
  ): Promise<GuildRecord> {
    const checked = checkedPatch(guildSettings, settings);
    const copy = new Map(words);
    const replace = async (db: Kysely<Tables>) => {
      if (undo !== undefined) await keepLastImport(db, guildId, undo);
      return both(
        await patchGuild(db, guildId, checked, this.#log),
        await replaceWords(db, guildId, { words: copy, by, before: undefined }),
      );
    };
    return await this.#records.save(guildId, replace, checked);
  }

  lastImport(guildId: string): Promise<LastImport | null> {
    return this.#connection.read(db => readLastImport(db, guildId));
  }

  async saveClone(
    guildId: string,
    clone: Clone,
    { chosen }: { readonly chosen: boolean },
  ): Promise<GuildRecord> {
    const { voiceId, userId } = clone;
    const patch = checkedPatch(personSettings, { voice: voiceId });
    const record = await this.#records.save(guildId, async db => {
      const inserted = await insertClone(db, guildId, clone);
      return chosen ? both(inserted, await patchPerson(db, guildId, userId, patch, this.#log)) : inserted;
    });
    this.#voiceOwners.set(voiceId, { guildId, userId });
    return record;
  }

  async forgetClone(guildId: string, voiceId: string): Promise<GuildRecord> {
    const record = await this.#records.save(guildId, db => deleteVoice(db, guildId, voiceId, this.#log));
    this.#voiceOwners.set(voiceId, null);
    return record;
  }

  get voiceOwnersKnown(): boolean {
    return this.#voiceOwners.known;
  }

  mayUseVoice(voiceId: string, who: { readonly guildId: string; readonly userId: string }): boolean {
    if (!this.#voiceOwners.known) this.#inBackground(this.#readVoiceOwners());
    return this.#voiceOwners.mayUse(voiceId, who);
  }

  doomedVoices(): Promise<readonly string[]> {
    return this.#connection.read(readDoomed);
  }

  async voiceDeleted(voiceId: string): Promise<void> {
    await this.#queue.run(() =>
      this.#connection.write(db => db.deleteFrom('doomed_voice').where('voice_id', '=', voiceId).execute()),
    );
  }

  rememberSettings(guildId: string, patch: Partial<GuildSettings>): GuildRecord {
    const record = this.#records.rememberSettings(guildId, checkedPatch(guildSettings, patch));
    this.#inBackground(this.#records.saveUnsaved(guildId));
    return record;
  }

  onSettings(listener: (guildId: string) => void): void {
    this.#records.onSettings = listener;
  }

  async saved(guildId: string): Promise<boolean> {
    await this.#queue.run(() => Promise.resolve());
    return ![this.#records, ...this.#kept].some(one => one.isUnsaved(guildId));
  }

  async exportPerson(userId: string): Promise<PersonExport> {
    await this.#saveAll();
    return await this.#connection.read(db => readPerson(db, userId, this.#log));
  }

  async deletePerson(userId: string): Promise<void> {
    const since = performance.now();
    const before = this.#records.unsavedOptOutsOf(userId);
    await this.#queue.run(async () => {
      await this.#connection.write(db => deletePerson(db, userId), since);
      this.#records.forgetPerson(userId, before);
      this.ledger.forget(userId);
      this.#voiceOwners.forgetPerson(userId);
    });
  }

  async guildLeft(guildId: string): Promise<void> {
    await this.#membership.left(guildId);
  }

  noteWelcome(guildId: string): Promise<boolean> {
    return this.#queue.run(() => this.#connection.write(db => markWelcomed(db, guildId, this.#now())));
  }

  async guildPresent(guildIds: readonly string[]): Promise<void> {
    await this.#membership.present(guildIds);
    await this.#purge();
  }

  async guildsCounted(census: Census): Promise<void> {
    await this.#membership.counted(census);
    await this.#purge();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#upkeep);
    await inTime(this.#saveAll(), LAST_WRITES_MS).catch(() => {
      const guilds = this.#records.unsavedGuildIds.length;
      const unsaved = { servers: guilds, ledgerRows: this.ledger.outstanding };
      if (unsaved.servers + unsaved.ledgerRows > 0)
        this.#log.error(unsaved, 'closing without having saved all');
    });
    this.ledger.close();
    await this.#connection.close();
  }

  /**
   * Writes all that the database does not have yet, and reads what has to be known from the start, which is also done
   * when nothing can be written. Rejects with StoreError.
   */
  async #catchUp(): Promise<void> {
    const saving = this.#saveAll(); // it is asked for first, and so comes before whatever is saved from now on
    this.#inBackground(saving);
    await this.#readVoiceOwners();
    await this.ledger.learnToday();
    await saving;
  }

  async #saveAll(): Promise<void> {
    for (const guildId of this.#records.unsavedGuildIds) await this.#records.saveUnsaved(guildId);
    await this.#membership.save();
    for (const kept of this.#kept) await kept.save();
    await this.ledger.flush();
  }

  async #readVoiceOwners(): Promise<void> {
    await this.#queue.run(async () => this.#voiceOwners.read(await this.#connection.read(readCloneOwners)));
  }

  async #purge(): Promise<void> {
    for (const guildId of await this.#membership.purge()) this.#records.forget(guildId);
  }

  /** Ignores the failure of a task that is done again when the database works again. */
  #inBackground(task: Promise<unknown>): void {
    task.catch(() => undefined);
  }
}
