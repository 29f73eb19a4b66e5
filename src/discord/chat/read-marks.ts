import type { Message } from 'discord.js';
import type { Reason } from '../../speech/reasons.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { ReadMark } from '../../store/kept/kept-facts.ts';
import type { Store } from '../../store/store.ts';

// Knows how far the chat of each guild was read in this process, and writes it into the store, for the process that
// takes the guild over. There `catch-up.ts` goes on from it.

/** Which message it is. */
export type MarkedMessage = Pick<Message<true>, 'id' | 'guildId'>;

/**
 * How often a guild's mark is written while its chat goes on, in milliseconds. After a silence it is written with the
 * first message, before that one can be heard.
 */
export const MARK_EVERY_MS = 1_000;

/** How far the chat of one guild has been read here. */
interface GuildMark {
  newest: string;
  /** The ids of the messages that have arrived, and of which nothing was said and nothing decided yet. */
  readonly open: Set<string>;
  /** Whether it is known what the guild's former process left: not yet, being found out, or settled. */
  heritage: 'unknown' | 'sought' | 'settled';
  /** The guild's shard is being given to another process, which is to say what is still open. */
  moves: boolean;
  /** When the mark was last written (`performance.now()`). */
  writtenAt: number;
}

export interface ReadMarksOptions {
  readonly kept: Store['readMarks'];
  readonly sessions: Pick<SessionRegistry, 'get'>;
  readonly now?: () => number;
}

/** What is told to the marks while chat is read, and while a guild goes to another process. */
export type ReadNotes = Pick<ReadMarks, 'arrived' | 'decided' | 'isLeft' | 'isSought' | 'moving' | 'gone'>;

/** Notes nothing: for a process whose shards go to no other one. */
export const noReadNotes: ReadNotes = {
  arrived() {},
  decided() {},
  isLeft: () => false,
  isSought: () => false,
  moving() {},
  gone() {},
};

/**
 * Notes in the store up to which message this process has read the chat of its guilds, so that the process that takes a
 * guild over goes on from there: see `CatchUp`. A mark holds ids of messages only. It is written only where the bot is
 * in a voice channel.
 */
export class ReadMarks implements Disposable {
  readonly #kept: Store['readMarks'];
  readonly #sessions: Pick<SessionRegistry, 'get'>;
  readonly #now: () => number;
  readonly #guilds = new Map<string, GuildMark>();
  /** The ids of the guilds whose mark has to be written. */
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ kept, sessions, now = () => performance.now() }: ReadMarksOptions) {
    this.#kept = kept;
    this.#sessions = sessions;
    this.#now = now;
  }

  /** A message has its turn: from now on it counts as read or as open. */
  arrived({ guildId, id }: MarkedMessage): void {
    const guild = this.#of(guildId);
    guild.open.add(id);
    if (BigInt(id) > BigInt(guild.newest)) this.#reached(guildId, guild, id);
  }

  /** It was decided that a message is not read, or it begins to be heard. */
  decided({ guildId, id }: MarkedMessage): void {
    this.#guilds.get(guildId)?.open.delete(id);
  }

  /**
   * Whether a message that is not said here for this reason is left to the process that has the guild next. People are
   * then not told that it was dropped.
   */
  isLeft({ guildId, id }: MarkedMessage, reason: Reason): boolean {
    const guild = this.#guilds.get(guildId);
    if (!guild?.moves || !guild.open.has(id)) return false;
    return reason === 'restarting' || reason === 'not-here';
  }

  /** Call this before the sessions of guilds end because their shard is given to another process. */
  moving(guildIds: readonly string[]): void {
    for (const guildId of guildIds) if (this.#sessions.get(guildId)) this.#of(guildId).moves = true;
  }

  /**
   * Call this when this process has heard the last of these guilds. Where they move to another process, the last mark
   * of each is given to the store, which has to be saved then.
   */
  gone(guildIds: readonly string[]): void {
    for (const guildId of guildIds) {
      const guild = this.#guilds.get(guildId);
      this.#guilds.delete(guildId);
      this.#changed.delete(guildId);
      // While it is still being found out what the former process left, its mark stays, for the next one.
      if (!guild?.moves || guild.heritage === 'sought') continue;
      this.#kept.remember({ guildId, newest: guild.newest, leftOpen: [...guild.open] });
    }
  }

  /** Whether it has to be found out what the guild's former process left. True once, until the guild is gone. */
  seeksHeritage(guildId: string): boolean {
    const guild = this.#of(guildId);
    if (guild.heritage !== 'unknown') return false;
    guild.heritage = 'sought';
    return true;
  }

  /** Whether it is being found out what the guild's former process left, so that its messages are to be read first. */
  isSought(guildId: string): boolean {
    return this.#guilds.get(guildId)?.heritage === 'sought';
  }

  /** Returns what the guild's former process noted; undefined if nothing is known. Rejects with StoreError. */
  async heritage(guildId: string): Promise<ReadMark | undefined> {
    const [mark] = await this.#kept.of([guildId]);
    return mark;
  }

  /** What the former process left has been read as far as the message `newest`, or there is nothing to read. */
  settled(guildId: string, newest: string): void {
    const guild = this.#guilds.get(guildId);
    if (!guild) return;
    guild.heritage = 'settled';
    this.#reached(guildId, guild, BigInt(newest) > BigInt(guild.newest) ? newest : guild.newest);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #of(guildId: string): GuildMark {
    const known = this.#guilds.get(guildId);
    if (known) return known;
    const guild: GuildMark = {
      newest: '0',
      open: new Set(),
      heritage: 'unknown',
      moves: false,
      writtenAt: Number.NEGATIVE_INFINITY,
    };
    this.#guilds.set(guildId, guild);
    return guild;
  }

  #reached(guildId: string, guild: GuildMark, newest: string): void {
    guild.newest = newest;
    if (this.#now() - guild.writtenAt >= MARK_EVERY_MS) return this.#write(guildId, guild);
    this.#changed.add(guildId);
    this.#timer ??= setTimeout(() => this.#writeChanged(), MARK_EVERY_MS).unref();
  }

  #writeChanged(): void {
    this.#timer = undefined;
    for (const guildId of this.#changed) {
      const guild = this.#guilds.get(guildId);
      if (guild) this.#write(guildId, guild);
    }
    this.#changed.clear();
  }

  #write(guildId: string, guild: GuildMark): void {
    if (guild.moves || guild.heritage === 'sought' || !this.#sessions.get(guildId)) return;
    guild.writtenAt = this.#now();
    this.#kept.remember({ guildId, newest: guild.newest, leftOpen: null });
  }
}
