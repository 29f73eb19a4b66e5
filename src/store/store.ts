import type { Logger } from '../log.ts';
import type { GuildSettings } from '../settings/guild.ts';
import type { PersonSettings } from '../settings/person.ts';
import type { StoreHeldError, StoreNewerError, StoreProblem } from './errors.ts';
import type { Kept, ReadMark, ShownStatus, Stay } from './kept/kept-facts.ts';
import type { CachedSpeech, Ledger } from './ledger/ledger.ts';
import type { SlotExchange } from './slots/slot-exchange.ts';

// The contract of the store: what the rest of the bot can have kept over a restart (settings, dictionaries, opt-outs,
// clones, spending) and what each method promises while the database does not work. `live-store.ts` fulfils it.

export interface StoreOptions {
  /** `file:…` for SQLite; `postgres://…` or `postgresql://…` for PostgreSQL. */
  readonly url: string;
  /** Names the bot, so that several bots may use one PostgreSQL database. */
  readonly lease: string;
  readonly log: Logger;
  /**
   * Whether this process has all of the bot's shards. Then no other one spends the day's money or uses the sessions at
   * Fish Audio, and both are decided from memory, also while the database is away.
   */
  readonly alone?: boolean;
  /** The present time, in epoch milliseconds; the ledger takes its UTC day from it. */
  readonly now?: () => number;
  /** Called once if the database is opened anew later, and another process has it or a later version has written it. */
  readonly onRefused?: (error: StoreHeldError | StoreNewerError) => void;
}

/**
 * Everything that is known of one guild. Each change makes a new record. Only the maps and sets of people, which may
 * have tens of thousands of entries, are not copied: older records show in them what was saved of people later too.
 */
export interface GuildRecord {
  /** False when the database could not be read yet; then all else in this record is a default. */
  readonly known: boolean;
  readonly settings: GuildSettings;
  /** What people have chosen for themselves, by user id; people who have chosen nothing are missing. */
  readonly people: ReadonlyMap<string, PersonSettings>;
  /** The user ids of those whose chat is not read, because they have asked for that. */
  readonly optOuts: ReadonlySet<string>;
  /** The user ids of those who have asked that their chat is read; nobody is here and in `optOuts`. */
  readonly optIns: ReadonlySet<string>;
  /** The user ids of those whose chat is not read, because the guild's moderators do not want it. */
  readonly ignored: ReadonlySet<string>;
  /** The dictionary, sorted by its words: word → what is said for it. */
  readonly words: ReadonlyMap<string, string>;
  /** The user id of the person who added a word, by word; a word is missing when nobody knows who added it. */
  readonly wordsBy: ReadonlyMap<string, string>;
  /** The voices made of members' own recordings, oldest first. */
  readonly clones: readonly Clone[];
}

/** A private voice at Fish Audio, made of somebody's own recording. Only that person may use it, in one guild only. */
export interface Clone {
  /** Fish Audio's id of the voice. */
  readonly voiceId: string;
  /** The person whose voice it is and who has agreed to it. */
  readonly userId: string;
  readonly name: string;
  /** When the person agreed, in epoch milliseconds. */
  readonly createdAt: number;
  /** SHA-256 of the recording, in hexadecimal. */
  readonly audioHash: string;
  /** The version of the statement that the person agreed to. */
  readonly statementVersion: number;
}

/** Keeps clones. It behaves as the rest of the store does, with which it shares the guilds' records. */
export interface CloneStore {
  /** False while the database could not be asked yet which voices are clones, and whose. */
  readonly ownersKnown: boolean;
  /** Keeps a clone; with `chosen`, its owner also uses it from now on. */
  save(guildId: string, clone: Clone, { chosen }: { readonly chosen: boolean }): Promise<GuildRecord>;
  /** Deletes a clone here. Nobody has it chosen any more, and it becomes one of `doomed`. */
  forget(guildId: string, voiceId: string): Promise<GuildRecord>;
  /**
   * Whether somebody may use a voice. A clone is only for its owner, in one guild, and for nobody once it is to be
   * deleted. While it is not known whose the voices are, nobody may use any. The answer comes from memory.
   */
  mayUse(voiceId: string, who: { readonly guildId: string; readonly userId: string }): boolean;
  /**
   * The ids of the voices that were deleted here and are still to be deleted at Fish Audio. Rejects with StoreError.
   */
  doomed(): Promise<readonly string[]>;
  /** Call this when Fish Audio has deleted a voice, which then is no longer one of `doomed`. */
  deletedAtFish(voiceId: string): Promise<void>;
}

/**
 * Keeps what must outlive the process: settings, dictionaries, opt-outs, clones, stays (where the bot is wanted), and
 * the ledger of what was spent. It never gets what people write or say, except for the entries of dictionaries.
 *
 * Records are read from memory, and so reading goes on while the database does not work. Saving waits for the database:
 * when a save resolves, the database has the change; when it rejects with StoreError, nothing has changed. Saves are
 * made one after another. What another process changes in the same database is known here a moment later. Some methods
 * behave otherwise, and say so.
 */
export interface Store extends AsyncDisposable {
  /** What is wrong with the database now; null while it works. */
  readonly problem: StoreProblem | null;
  readonly kind: 'sqlite' | 'postgres';
  /**
   * The guild's record. It is read from the database the first time, and comes from memory later. Never rejects: while
   * the database cannot be read, the record has the defaults.
   */
  guild(guildId: string): Promise<GuildRecord>;
  /** The guild's record if it is in memory; undefined if it is not. */
  cached(guildId: string): GuildRecord | undefined;
  /**
   * Changes the settings that `patch` names. Rejects with RangeError if one of them is unknown or out of bounds, and
   * with StoreError if it cannot be saved.
   */
  saveSettings(guildId: string, patch: Partial<GuildSettings>): Promise<GuildRecord>;
  /**
   * Changes what a person has chosen in a guild. If this changes their manner and `patch` does not say what was
   * `before`, the manner that they had is noted there. Rejects with StoreError.
   */
  savePerson(guildId: string, userId: string, patch: Partial<PersonSettings>): Promise<GuildRecord>;
  /**
   * Notes that a person has opted out in a guild, so that their chat is not read, or with `out` false that they have
   * opted in. Each of the two ends the other. It holds from now on. Rejects with StoreError when it can only be saved
   * later.
   */
  saveOptOut(guildId: string, userId: string, out: boolean): Promise<GuildRecord>;
  /** Notes whether the guild's moderators do not want a person's chat read. Rejects with StoreError. */
  saveIgnored(guildId: string, userId: string, ignored: boolean): Promise<GuildRecord>;
  /** Replaces the whole dictionary. Entries that are new or changed are noted as added by the user `by`. */
  saveWords(guildId: string, words: ReadonlyMap<string, string>, by?: string): Promise<GuildRecord>;
  /**
   * Replaces all settings and the whole dictionary of a guild, both or neither; what people have chosen stays. Entries
   * that are new or changed are noted as added by the user `by`.
   */
  replaceGuild(
    guildId: string,
    all: {
      readonly settings: GuildSettings;
      readonly words: ReadonlyMap<string, string>;
      readonly by?: string;
      /** How this can be undone, which is kept for a day; with null, what was kept before is forgotten. */
      readonly undo?: LastImport | null;
    },
  ): Promise<GuildRecord>;
  /** How the guild's last import can be undone; null when none is kept. Rejects with StoreError. */
  lastImport(guildId: string): Promise<LastImport | null>;
  readonly clones: CloneStore;
  /**
   * Changes the settings that `patch` names. They hold from now on, and are saved when the database can take them.
   * Throws RangeError if settings are unknown or out of bounds, and never because of the database.
   */
  rememberSettings(guildId: string, patch: Partial<GuildSettings>): GuildRecord;
  /** Everything that is kept of a person, in all guilds. Rejects with StoreError. */
  exportPerson(userId: string): Promise<PersonExport>;
  /**
   * Deletes everything that is kept of a person, in all guilds: what they have chosen, their clones, and even that they
   * had opted out. That moderators of a guild do not want them read is the guild's decision, and stays. What was spent
   * for them stays in the totals of the guilds, under the user id `0`.
   */
  deletePerson(userId: string): Promise<void>;
  /**
   * Calls `listener`, besides those given before, with the user id when everything that is kept of a person has been
   * deleted, by this process or by another one; with null where such a deletion by another process may have been
   * missed, whoever it was.
   */
  onDeletedPerson(listener: (userId: string | null) => void): void;
  /**
   * Notes that the bot was removed from a guild. After 30 days without it, all that is kept of the guild is deleted.
   */
  guildLeft(guildId: string): Promise<void>;
  /** Notes that the bot is in these guilds. It holds from now on. Rejects when it can only be saved later. */
  guildPresent(guildIds: readonly string[]): Promise<void>;
  /**
   * Notes that a guild is welcomed, which is kept as long as anything of the guild. Resolves with false if it was
   * welcomed before. Rejects with StoreError.
   */
  noteWelcome(guildId: string): Promise<boolean>;
  /**
   * Takes a census. A guild that a census should have and does not have counts as left. It holds from now on. Rejects
   * with StoreError when it can only be saved later.
   */
  guildsCounted(census: Census): Promise<void>;
  /**
   * Call this when another process of the bot is about to have these guilds. Writes what the database does not have
   * yet, and forgets them. What cannot be written is written later; but opt-outs alone, if another process has changed
   * something in the guild by then. Never rejects.
   */
  guildsHandedOver(guildIds: readonly string[]): Promise<void>;
  /** Has a database that does not work tried again soon. Call this when it is likely to work by now. */
  tryAgain(): void;
  /**
   * Resolves with true when the database has everything that was to be kept for this guild, so that it outlives the
   * process. Resolves with false when the database cannot take it; that takes up to four seconds, which is how long a
   * PostgreSQL that hangs is waited for. Never rejects.
   */
  saved(guildId: string): Promise<boolean>;
  /** Where people want the bot. */
  readonly stays: Kept<Stay>;
  /** Which statuses the bot has given to voice channels. */
  readonly statuses: Kept<ShownStatus>;
  /** Up to which message chat was read, where several processes share the shards. */
  readonly readMarks: Kept<ReadMark>;
  /**
   * From now on, calls `listener` (the last one only) with the id of each guild whose settings were changed, by this
   * process, or by another one while they are in memory here.
   */
  onSettings(listener: (guildId: string) => void): void;
  readonly ledger: Ledger;
  /**
   * By what the processes that use this database share the slots of an account at Fish Audio; null where there can be
   * no other process. `account` names the account, and is not its key, which must not be stored.
   */
  fishSlots(account: string): SlotExchange | null;
}

/** The last time when all settings of a guild were replaced by a file. */
export interface LastImport {
  /** When it was, in epoch milliseconds. */
  readonly at: number;
  /** What is needed to undo it, as JSON; the store does not look into it. */
  readonly undo: string;
}

/** A full count of guilds by one shard, which knows of its own guilds only. */
export interface Census {
  /** The ids of all guilds of the shard that the bot is in. */
  readonly guildIds: readonly string[];
  /** Whether a guild belongs to this shard, so that the census should have it. */
  readonly covers: (guildId: string) => boolean;
}

/** Everything that is kept of one person, as `/privacy export` gives it to them. */
export interface PersonExport {
  readonly userId: string;
  readonly servers: readonly {
    readonly guildId: string;
    /** Null when the person has chosen nothing in this guild. */
    readonly settings: PersonSettings | null;
    readonly optedOut: boolean;
    readonly optedIn: boolean;
    /** Whether the moderators of the guild do not want their chat read. */
    readonly ignored: boolean;
  }[];
  readonly clones: readonly (Omit<Clone, 'userId'> & { readonly guildId: string })[];
  /** The entries that the person has added to dictionaries. */
  readonly words: readonly { readonly guildId: string; readonly word: string; readonly say: string }[];
  readonly usage: readonly {
    readonly day: string;
    readonly guildId: string;
    readonly bytes: number;
    readonly nanoUsd: number;
    readonly cached?: CachedSpeech;
  }[];
}
