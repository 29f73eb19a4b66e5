import type { Logger } from '../log.ts';
import type { PersonSettings, GuildSettings } from '../settings.ts';
import type { StoreProblem } from './errors.ts';

export interface StoreOptions {
  /** `file:…` for SQLite, `postgres://…` or `postgresql://…`. */
  readonly url: string;
  /** Names what this process claims (the application's id and its shards): with PostgreSQL, one process a name. */
  readonly lease: string;
  readonly log: Logger;
  /** Epoch milliseconds; the UTC day of the ledger goes by it. */
  readonly now?: () => number;
}

/**
 * Everything that is known of one server. After each change there is a new one; but who has chosen something and who
 * has opted out may be tens of thousands, so these two are as they are now in the older ones, too.
 */
export interface GuildRecord {
  /** False: the database could not be asked yet, and what stands here are the defaults. */
  readonly known: boolean;
  readonly settings: GuildSettings;
  /** By user id: those who have chosen something. */
  readonly people: ReadonlyMap<string, PersonSettings>;
  /** User ids. */
  readonly optOuts: ReadonlySet<string>;
  /** The dictionary, in the order of its words: word → what is said. */
  readonly words: ReadonlyMap<string, string>;
  /** Who added each of its words, by word; those of whom nobody knows are not there. */
  readonly wordsBy: ReadonlyMap<string, string>;
  /** The voices made of members' own recordings, oldest first. */
  readonly clones: readonly Clone[];
}

/** A private voice at Fish Audio, made of somebody's own recording; for them alone, in one server. */
export interface Clone {
  /** Fish Audio's id. */
  readonly voiceId: string;
  /** Whose voice it is, and who agreed to it. */
  readonly userId: string;
  readonly name: string;
  /** When they agreed; epoch milliseconds. */
  readonly createdAt: number;
  /** SHA-256 of the recording, in hexadecimal. */
  readonly audioHash: string;
  /** What they agreed to. */
  readonly statementVersion: number;
}

/**
 * Settings, dictionary and ledger. What is said never comes here.
 *
 * Reading is from memory, and goes on without the database. Saving is through to the database: when a save resolves,
 * it is there, and when it rejects with StoreError, nothing has changed. Saves are done one after another.
 */
export interface Store extends AsyncDisposable {
  /** Null when all is well. */
  readonly problem: StoreProblem | null;
  readonly kind: 'sqlite' | 'postgres';
  /** From memory after the first time; never rejects: what cannot be read is the defaults, and read again later. */
  guild(guildId: string): Promise<GuildRecord>;
  /** The same if it is in memory. */
  cached(guildId: string): GuildRecord | undefined;
  /** Changes the settings that `patch` has. Throws RangeError that names a setting whose value is out of bounds. */
  saveSettings(guildId: string, patch: Partial<GuildSettings>): Promise<GuildRecord>;
  /** Null forgets what the person has chosen. */
  savePerson(guildId: string, userId: string, patch: Partial<PersonSettings> | null): Promise<GuildRecord>;
  /** Holds from now on, and is saved later, even if this rejects. */
  saveOptOut(guildId: string, userId: string, out: boolean): Promise<GuildRecord>;
  /** Replaces the whole dictionary; what is new in it, or otherwise than before, was added by that person. */
  saveWords(guildId: string, words: ReadonlyMap<string, string>, by?: string): Promise<GuildRecord>;
  /** Replaces settings and dictionary, both or neither; people stay. What is new in the dictionary was added by that person. */
  replaceGuild(
    guildId: string,
    all: {
      readonly settings: GuildSettings;
      readonly words: ReadonlyMap<string, string>;
      readonly by?: string;
    },
  ): Promise<GuildRecord>;
  /** Keeps a voice of somebody's own; `chosen`: it is also the one they use from now on. */
  saveClone(guildId: string, clone: Clone, { chosen }: { readonly chosen: boolean }): Promise<GuildRecord>;
  /** Deletes it; whoever had chosen it has chosen none. From then on it is one of `doomedVoices`. */
  forgetClone(guildId: string, voiceId: string): Promise<GuildRecord>;
  /** False: the database could not be asked yet whose the voices are that were made of people's recordings. */
  readonly voiceOwnersKnown: boolean;
  /**
   * Whether somebody may use a voice: a voice made of somebody's recording is for that person alone, in one server,
   * and for nobody once it is to be deleted. As long as it is not known whose it is, nobody may use a voice. From
   * memory; what other processes keep is seen within the hour.
   */
  mayUseVoice(voiceId: string, who: { readonly guildId: string; readonly userId: string }): boolean;
  /** Voices that are gone here, with the person or the server, and are still to be deleted at Fish Audio. */
  doomedVoices(): Promise<readonly string[]>;
  /** Fish Audio has deleted it. */
  voiceDeleted(voiceId: string): Promise<void>;
  /** Holds from now on, and is saved when the database can; never throws for the database's sake. */
  rememberSettings(guildId: string, patch: Partial<GuildSettings>): GuildRecord;
  /** What is kept of a person, in all servers. Rejects with StoreError. */
  exportPerson(userId: string): Promise<PersonExport>;
  /**
   * Deletes everything of a person, in all servers: what they have chosen, their own voices, and also that
   * they had opted out. Of what was spent for them the servers' totals stay, under the user id `0`.
   */
  deletePerson(userId: string): Promise<void>;
  /** The bot is no longer there: everything of the server is deleted when that has lasted 30 days. */
  guildLeft(guildId: string): Promise<void>;
  guildPresent(guildIds: readonly string[]): Promise<void>;
  /** Holds from now on, and is saved later, even if this rejects: servers that are missing in it were left unseen. */
  guildsCounted(census: Census): Promise<void>;
  /**
   * Resolves when everything that this server was to keep by now is in the database, and survives the end of the
   * process; with false when the database cannot take it, for up to two seconds. Never rejects.
   */
  saved(guildId: string): Promise<boolean>;
  readonly stays: Stays;
  readonly ledger: Ledger;
}

/** All the servers that the bot is in, of those that `covers` names: a shard knows of its own alone. */
export interface Census {
  readonly guildIds: readonly string[];
  readonly covers: (guildId: string) => boolean;
}

/** That the bot is wanted in a voice channel of a server, until it is sent away. */
export interface Stay {
  readonly guildId: string;
  readonly channelId: string;
  /** The text channel that gets what the bot has to say of itself. */
  readonly noticesTo: string;
}

/** Where the bot is wanted, at most one voice channel a server. It outlives the process. */
export interface Stays {
  /** Those of these servers. Rejects with StoreError. */
  of(guildIds: readonly string[]): Promise<readonly Stay[]>;
  /** Holds from now on, in place of the server's former one, and is saved when the database can. */
  remember(stay: Stay): void;
  /** The bot is wanted nowhere in this server: holds from now on, and is saved when the database can. */
  forget(guildId: string): void;
}

/** What was spent, by UTC day, server and person. */
export interface Ledger {
  /** Counts at once; written within 250 ms, or when the database can. */
  add(entry: LedgerEntry): void;
  /**
   * False: the database could not be asked yet what had been spent today before this process began, or before the
   * clock was set back; it is asked now. Until then `guildToday` and `usdToday` tell too little.
   */
  todayIsKnown(): boolean;
  /** UTF-8 bytes of this server today. */
  guildToday(guildId: string): number;
  /** US dollars of today: what the whole database had when it was opened, and what this process added. */
  usdToday(): number;
  /** Of the last `days` days, today included; by day, then user. Writes what is outstanding first. */
  guildDays(guildId: string, days: number): Promise<LedgerRow[]>;
  /** The same of one person, a row a day; of all servers if none is given. */
  personDays(userId: string, days: number, guildId?: string): Promise<LedgerRow[]>;
  /** Writes what is outstanding. Rejects with StoreError, and then it is still outstanding. */
  flush(): Promise<void>;
}

export interface LedgerEntry {
  readonly guildId: string;
  readonly userId: string;
  readonly bytes: number;
  /** Billionths of a US dollar. */
  readonly nanoUsd: number;
}

export interface LedgerRow {
  /** UTC, such as `2026-11-24`. */
  readonly day: string;
  readonly userId: string;
  readonly bytes: number;
  readonly nanoUsd: number;
}

/** Everything that is kept of one person. */
export interface PersonExport {
  readonly userId: string;
  readonly servers: readonly {
    readonly guildId: string;
    /** Null: nothing chosen. */
    readonly settings: PersonSettings | null;
    readonly optedOut: boolean;
  }[];
  readonly clones: readonly (Omit<Clone, 'userId'> & { readonly guildId: string })[];
  /** The words that they added to dictionaries. */
  readonly words: readonly { readonly guildId: string; readonly word: string; readonly say: string }[];
  readonly usage: readonly {
    readonly day: string;
    readonly guildId: string;
    readonly bytes: number;
    readonly nanoUsd: number;
  }[];
}
