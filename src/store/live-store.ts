import type { Kysely } from 'kysely';
import type { Logger } from '../log.ts';
import { type PersonSettings, personSettings, type GuildSettings, guildSettings } from '../settings.ts';
import { forgetPerson, makeChanges, patchPerson, patchGuild, replaceWords } from './changes.ts';
import { insertClone, readCloneOwners, readDoomed } from './clone-rows.ts';
import type { Connection } from './connection.ts';
import { inTime } from './deadline.ts';
import { deletePerson, deleteVoice } from './deletions.ts';
import type { StoreProblem } from './errors.ts';
import { KeptStays } from './kept-stays.ts';
import { both, type Change } from './live-record.ts';
import { GuildMemory } from './guild-memory.ts';
import { readPerson } from './people.ts';
import { GuildMembership } from './guild-membership.ts';
import { EMPTY_RECORD, readGuild } from './records.ts';
import { checkedPatch, type StoredSettings } from './setting-values.ts';
import type { Census, Clone, PersonExport, GuildRecord, Store } from './store.ts';
import type { Tables } from './tables.ts';
import { TaskQueue } from './task-queue.ts';
import { Unsaved } from './unsaved.ts';
import { VoiceOwners } from './voice-owners.ts';
import { WriteBehindLedger } from './write-behind-ledger.ts';

/** How often old servers are looked for, and copies that are due. */
const UPKEEP_MS = 3_600_000;
/** At the end, what is outstanding has so long to be written. */
const LAST_WRITES_MS = 2_000;

export interface LiveStoreOptions {
  readonly kind: Store['kind'];
  /** Not started yet. */
  readonly connection: Connection;
  readonly lease: string;
  readonly log: Logger;
  readonly now: () => number;
}

/** The store: memory in front of a database that may be away. */
export class LiveStore implements Store {
  readonly kind: Store['kind'];
  readonly ledger: WriteBehindLedger;
  readonly stays: KeptStays;
  readonly #connection: Connection;
  readonly #log: Logger;
  readonly #queue = new TaskQueue();
  readonly #memory: GuildMemory;
  readonly #unsaved = new Unsaved();
  readonly #membership: GuildMembership;
  readonly #voiceOwners = new VoiceOwners();
  readonly #upkeep: NodeJS.Timeout;

  private constructor({ kind, connection, lease, log, now }: LiveStoreOptions) {
    this.kind = kind;
    this.#connection = connection;
    this.#log = log;
    this.#memory = new GuildMemory(
      guildId => connection.read(db => readGuild(db, guildId, log.child({ guildId }))),
      kind,
    );
    this.ledger = new WriteBehindLedger(connection, this.#queue, lease, now);
    this.stays = new KeptStays(connection, this.#queue);
    const onLeft = (guildId: string) => this.stays.forget(guildId);
    this.#membership = new GuildMembership({ connection, queue: this.#queue, now, onLeft, log });
    connection.onWell = ({ reopened }) => {
      this.#memory.forgetUnread();
      if (reopened) this.#memory.doubtAll(); // a copy may have taken its place
      this.#inBackground(this.#catchUp());
    };
    this.#upkeep = setInterval(() => {
      this.#membership.repeat();
      this.#inBackground(this.#catchUp().then(() => this.#purge()));
      void connection.maintain();
    }, UPKEEP_MS).unref();
  }

  /** Opens the database, and reads what has to be known from the start. Rejects with StoreHeldError or StoreNewerError. */
  static async start(options: LiveStoreOptions): Promise<LiveStore> {
    await options.connection.start();
    const store = new LiveStore(options);
    await store.#catchUp().catch(() => undefined); // done when the database works again
    void options.connection.maintain();
    return store;
  }

  get problem(): StoreProblem | null {
    return this.#connection.problem;
  }

  async guild(guildId: string): Promise<GuildRecord> {
    return this.#unsaved.over(guildId, await this.#memory.guild(guildId));
  }

  cached(guildId: string): GuildRecord | undefined {
    const known = this.#memory.known(guildId);
    return known && this.#unsaved.over(guildId, known);
  }

  async saveSettings(guildId: string, patch: Partial<GuildSettings>): Promise<GuildRecord> {
    const checked = checkedPatch(guildSettings, patch);
    return await this.#save(guildId, db => patchGuild(db, guildId, checked, this.#log), checked);
  }

  async savePerson(
    guildId: string,
    userId: string,
    patch: Partial<PersonSettings> | null,
  ): Promise<GuildRecord> {
    const checked = patch && checkedPatch(personSettings, patch);
    return await this.#save(guildId, db =>
      checked ? patchPerson(db, guildId, userId, checked, this.#log) : forgetPerson(db, guildId, userId),
    );
  }

  async saveOptOut(guildId: string, userId: string, out: boolean): Promise<GuildRecord> {
    this.#unsaved.addOptOut(guildId, userId, out);
    return await this.#saveUnsaved(guildId);
  }

  async saveWords(guildId: string, words: ReadonlyMap<string, string>, by?: string): Promise<GuildRecord> {
    const copy = new Map(words);
    return await this.#save(guildId, db =>
      replaceWords(db, guildId, { words: copy, by, before: this.#memory.read(guildId)?.words }),
    );
  }

  async replaceGuild(
    guildId: string,
    { settings, words, by }: Parameters<Store['replaceGuild']>[1],
  ): Promise<GuildRecord> {
    const checked = checkedPatch(guildSettings, settings);
    const copy = new Map(words);
    const replace = async (db: Kysely<Tables>) =>
      both(
        await patchGuild(db, guildId, checked, this.#log),
        await replaceWords(db, guildId, { words: copy, by, before: undefined }),
      );
    return await this.#save(guildId, replace, checked);
  }

  async saveClone(
    guildId: string,
    clone: Clone,
    { chosen }: { readonly chosen: boolean },
  ): Promise<GuildRecord> {
    const { voiceId, userId } = clone;
    const patch = checkedPatch(personSettings, { voice: voiceId });
    const record = await this.#save(guildId, async db => {
      const inserted = await insertClone(db, guildId, clone);
      return chosen ? both(inserted, await patchPerson(db, guildId, userId, patch, this.#log)) : inserted;
    });
    this.#voiceOwners.set(voiceId, { guildId, userId });
    return record;
  }

  async forgetClone(guildId: string, voiceId: string): Promise<GuildRecord> {
    const record = await this.#save(guildId, db => deleteVoice(db, guildId, voiceId, this.#log));
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
    this.#unsaved.addSettings(guildId, checkedPatch(guildSettings, patch));
    this.#inBackground(this.#saveUnsaved(guildId));
    return this.cached(guildId) ?? this.#unsaved.over(guildId, EMPTY_RECORD);
  }

  async saved(guildId: string): Promise<boolean> {
    await this.#queue.run(() => Promise.resolve());
    return this.#unsaved.of(guildId) === undefined && !this.stays.isUnsaved(guildId);
  }

  async exportPerson(userId: string): Promise<PersonExport> {
    await this.#saveAll();
    return await this.#connection.read(db => readPerson(db, userId, this.#log));
  }

  async deletePerson(userId: string): Promise<void> {
    const since = performance.now();
    const before = this.#unsaved.optOutsOf(userId);
    await this.#queue.run(async () => {
      await this.#connection.write(db => deletePerson(db, userId), since);
      for (const [guildId, out] of before)
        this.#unsaved.saved(guildId, { settings: {}, optOuts: new Map([[userId, out]]) });
      this.ledger.forget(userId);
      this.#memory.forgetPerson(userId);
      this.#voiceOwners.forgetPerson(userId);
    });
  }

  async guildLeft(guildId: string): Promise<void> {
    await this.#membership.left(guildId);
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
      const unsaved = { servers: this.#unsaved.guildIds.length, ledgerRows: this.ledger.outstanding };
      if (unsaved.servers + unsaved.ledgerRows > 0)
        this.#log.error(unsaved, 'closing without having saved all');
    });
    this.ledger.close();
    await this.#connection.close();
  }

  /** Writes in its turn what `change` does, over what was unsaved of the settings it sets. */
  #save(guildId: string, change: Change, settings: StoredSettings = {}): Promise<GuildRecord> {
    const since = performance.now();
    const before = this.#unsaved.of(guildId)?.settings ?? {};
    const replaced = Object.fromEntries(Object.entries(before).filter(([name]) => name in settings));
    return this.#queue.run(async () => {
      const record = await this.#write(guildId, change, since);
      this.#unsaved.saved(guildId, { settings: replaced, optOuts: new Map() });
      return this.#unsaved.over(guildId, record);
    });
  }

  /** Writes in its turn what is unsaved of a server. */
  #saveUnsaved(guildId: string): Promise<GuildRecord> {
    const since = performance.now();
    return this.#queue.run(async () => {
      const changes = this.#unsaved.of(guildId);
      if (!changes) return await this.guild(guildId);
      const record = await this.#write(guildId, db => makeChanges(db, guildId, changes, this.#log), since);
      this.#unsaved.saved(guildId, changes);
      return this.#unsaved.over(guildId, record);
    });
  }

  async #write(guildId: string, change: Change, since: number): Promise<GuildRecord> {
    try {
      this.#memory.changed(guildId, await this.#connection.write(change, since));
    } catch (error) {
      // SQLite has written nothing then; when PostgreSQL is lost at the very end, nobody knows.
      if (this.kind === 'postgres') this.#memory.doubt(guildId);
      throw error;
    }
    return await this.#memory.guild(guildId);
  }

  /** Reads what has to be known, also where nothing can be written, and writes all that is unsaved. Rejects with StoreError. */
  async #catchUp(): Promise<void> {
    const saving = this.#saveAll(); // in its turn before whatever is saved from now on
    this.#inBackground(saving);
    await this.#readVoiceOwners();
    await this.ledger.learnToday();
    await saving;
  }

  async #saveAll(): Promise<void> {
    for (const guildId of this.#unsaved.guildIds) await this.#saveUnsaved(guildId);
    await this.#membership.save();
    await this.stays.save();
    await this.ledger.flush();
  }

  async #readVoiceOwners(): Promise<void> {
    await this.#queue.run(async () => this.#voiceOwners.read(await this.#connection.read(readCloneOwners)));
  }

  async #purge(): Promise<void> {
    for (const guildId of await this.#membership.purge()) this.#memory.forget(guildId);
  }

  /** For what is done again when the database works again. */
  #inBackground(task: Promise<unknown>): void {
    task.catch(() => undefined);
  }
}
