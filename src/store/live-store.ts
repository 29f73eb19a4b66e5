import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import { type GuildSettings, guildSettings } from '../settings/guild.ts';
import { type PersonSettings, personSettings } from '../settings/person.ts';
import { KeptClones } from './clones/kept-clones.ts';
import { VoiceOwners } from './clones/voice-owners.ts';
import type { Connection } from './database/connection.ts';
import { inTime } from './database/in-time.ts';
import type { Tables } from './database/tables.ts';
import { TaskQueue } from './database/task-queue.ts';
import { lookUp, type StoreProblem } from './errors.ts';
import { patchGuild, patchPerson, replaceWords, setIgnored } from './guilds/changes.ts';
import { GuildMembership } from './guilds/guild-membership.ts';
import { GuildRecords } from './guilds/guild-records.ts';
import { markWelcomed } from './guilds/guilds.ts';
import { keepLastImport, readLastImport } from './guilds/last-imports.ts';
import { both } from './guilds/live-record.ts';
import { checkedPatch } from './guilds/setting-values.ts';
import { KeptByGuild } from './kept/kept-by-guild.ts';
import type { ReadMark, ShownStatus, Stay } from './kept/kept-facts.ts';
import { readMarkTable } from './kept/kept-read-marks.ts';
import { statusTable } from './kept/kept-statuses.ts';
import { stayTable } from './kept/kept-stays.ts';
import { WriteBehindLedger } from './ledger/write-behind-ledger.ts';
import { deletePerson } from './people/deletions.ts';
import { readPerson } from './people/people.ts';
import type { PostgresListener } from './postgres/listener.ts';
import { OtherProcesses } from './processes/other-processes.ts';
import { type TellChange, tellAs } from './processes/told-changes.ts';
import { SlotExchange } from './slots/slot-exchange.ts';
import type { Census, GuildRecord, LastImport, PersonExport, Store } from './store.ts';
import { inBackground, Upkeep } from './upkeep.ts';

// The store: it answers from memory, saves to a database, and goes on while the database does not work. Here each
// method is passed to the part of the store that does it. What the methods promise stands at the interface `Store` in
// `store.ts`; `open.ts` opens SQLite or PostgreSQL.

/** How long the store, when it closes, takes at most to write what is not in the database yet. */
const LAST_WRITES_MS = 2_000;

export interface LiveStoreOptions {
  readonly kind: Store['kind'];
  /** A connection that was not started yet. */
  readonly connection: Connection;
  /** The name of the bot, by which its batches of ledger rows are known. */
  readonly lease: string;
  readonly log: Logger;
  /** Whether no other process shares the day's money and the sessions at Fish Audio with this one. */
  readonly alone: boolean;
  /** The present time, in epoch milliseconds. */
  readonly now: () => number;
  /** Hears the other processes that use the same database; only PostgreSQL has others. The store closes it. */
  readonly listener?: PostgresListener;
}

export class LiveStore implements Store {
  readonly kind: Store['kind'];
  readonly ledger: WriteBehindLedger;
  readonly clones: KeptClones;
  readonly stays: KeptByGuild<Stay>;
  readonly statuses: KeptByGuild<ShownStatus>;
  readonly readMarks: KeptByGuild<ReadMark>;
  /** All facts of which each guild has at most one. */
  readonly #kept: readonly Pick<KeptByGuild<Stay>, 'forget' | 'isUnsaved' | 'outdated' | 'save'>[];
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #queue = new TaskQueue();
  readonly #records: GuildRecords;
  readonly #membership: GuildMembership;
  readonly #voiceOwners: VoiceOwners;
  readonly #tell: TellChange;
  readonly #listener: PostgresListener | undefined;
  /** The listener, if other processes share the day's money and the sessions at Fish Audio with this one. */
  readonly #sharers: PostgresListener | undefined;
  readonly #upkeep: Upkeep;
  readonly #onDeletedPerson = new Set<(userId: string | null) => void>();

  private constructor({ kind, connection, lease, log, alone, now, listener }: LiveStoreOptions) {
    this.kind = kind;
    this.#connection = connection;
    this.#now = now;
    this.#log = log;
    const queue = this.#queue;
    this.#tell = listener ? tellAs(listener.process) : () => Promise.resolve();
    this.#records = new GuildRecords({ kind, connection, queue, tell: this.#tell, log });
    this.#voiceOwners = new VoiceOwners(connection, queue);
    const [records, owners] = [this.#records, this.#voiceOwners];
    this.clones = new KeptClones({ connection, queue, records, owners, log });
    const sharers = alone ? undefined : listener;
    this.#sharers = sharers;
    this.ledger = new WriteBehindLedger({
      connection,
      queue,
      lease: listener?.process ?? lease, // each of several processes knows its own batches by a name of its own
      now,
      sharers,
    });
    this.stays = new KeptByGuild(connection, queue, stayTable, this.#tell);
    this.statuses = new KeptByGuild(connection, queue, statusTable);
    this.readMarks = new KeptByGuild(connection, queue, readMarkTable);
    this.#kept = [this.stays, this.statuses, this.readMarks];
    const onLeft = (guildId: string) => {
      for (const kept of this.#kept) kept.forget(guildId);
    };
    this.#membership = new GuildMembership({ connection, queue, now, onLeft, tell: this.#tell, log });
    this.#listener = listener;
    const others =
      listener &&
      new OtherProcesses({
        listener,
        connection,
        records,
        voiceOwners: owners,
        onDeletedPerson: userId => this.#forget(userId),
        onChangedGuild: guildId => this.#upkeep.changedByOthers(guildId),
        now,
      });
    connection.onWell = ({ reopened }) => {
      this.#records.databaseWorksAgain(reopened);
      inBackground(this.#upkeep.catchUp());
      void others?.ask();
    };
    if (others) connection.onReopened = db => others.catchUp(db);
    const [membership, kept, ledger] = [this.#membership, this.#kept, this.ledger];
    this.#upkeep = new Upkeep({ connection, records, membership, kept, ledger, voiceOwners: owners, others });
  }

  /**
   * Opens the database, and reads what has to be known from the start. Rejects with StoreHeldError or StoreNewerError.
   * After any other failure it resolves, and `problem` says what is wrong.
   */
  static async start(options: LiveStoreOptions): Promise<LiveStore> {
    await options.connection.start();
    const store = new LiveStore(options);
    await store.#upkeep.begin().catch(() => undefined); // it is done again when the database works again
    void options.connection.maintain();
    return store;
  }

  get problem(): StoreProblem | null {
    return this.#connection.problem;
  }

  guild: Store['guild'] = guildId => this.#records.guild(guildId);

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
      replaceWords(db, guildId, { words: copy, by, before: this.#wordsOf(guildId) }),
    );
  }

  /** A guild's dictionary as the database has it, where no other process can have changed it; else undefined. */
  #wordsOf(guildId: string): ReadonlyMap<string, string> | undefined {
    return this.#listener ? undefined : this.#records.read(guildId)?.words;
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

  fishSlots(account: string): SlotExchange | null {
    return this.#sharers ? new SlotExchange(this.#connection, this.#sharers, account) : null;
  }

  rememberSettings(guildId: string, patch: Partial<GuildSettings>): GuildRecord {
    const record = this.#records.rememberSettings(guildId, checkedPatch(guildSettings, patch));
    inBackground(this.#records.saveUnsaved(guildId));
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
    await lookUp(() => this.#upkeep.saveAll());
    return await this.#connection.read(db => readPerson(db, userId, this.#log));
  }

  async deletePerson(userId: string): Promise<void> {
    const since = performance.now();
    const waiting = this.#records.waitForDeletion(userId);
    await this.#queue.run(async () => {
      using turn = waiting;
      await this.#connection.write(async db => {
        await this.#tell(db, { userId });
        await deletePerson(db, userId);
      }, since);
      this.#records.forgetPerson(userId, turn.before);
      this.#voiceOwners.forgetPerson(userId);
      this.#forget(userId);
    });
  }

  /**
   * Takes somebody whose data was deleted out of what is still to be written, and has everybody else forget them too.
   */
  #forget(userId: string | null): void {
    this.ledger.forget(userId);
    for (const listener of this.#onDeletedPerson) listener(userId);
  }

  onDeletedPerson(listener: (userId: string | null) => void): void {
    this.#onDeletedPerson.add(listener);
  }

  guildLeft: Store['guildLeft'] = guildId => this.#membership.left(guildId);

  noteWelcome(guildId: string): Promise<boolean> {
    return this.#queue.run(() => this.#connection.write(db => markWelcomed(db, guildId, this.#now())));
  }

  async guildPresent(guildIds: readonly string[]): Promise<void> {
    await this.#membership.present(guildIds);
    await this.#upkeep.purge();
  }

  async guildsCounted(census: Census): Promise<void> {
    await this.#membership.counted(census);
    await this.#upkeep.purge();
  }

  guildsHandedOver: Store['guildsHandedOver'] = guildIds => this.#upkeep.handOver(guildIds);

  tryAgain: Store['tryAgain'] = () => this.#connection.tryAgain();

  async [Symbol.asyncDispose](): Promise<void> {
    this.#upkeep[Symbol.dispose]();
    const ending = this.#upkeep.saveAll().then(() => this.ledger.end());
    await inTime(ending, LAST_WRITES_MS).catch(() => {
      const unsaved = { servers: this.#records.unsavedGuildIds.length, ledgerRows: this.ledger.outstanding };
      if (unsaved.servers + unsaved.ledgerRows > 0)
        this.#log.error(unsaved, 'closing without having saved all');
    });
    this.ledger.close();
    await this.#listener?.[Symbol.asyncDispose]();
    await this.#connection.close();
  }
}
