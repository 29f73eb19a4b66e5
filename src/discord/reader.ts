import type { Client, Guild, GuildBasedChannel, Message, VoiceBasedChannel } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../log.ts';
import { settingsIn } from '../settings.ts';
import { type Reason, type ReasonBook, Unsaid } from '../speech/reasons.ts';
import type { SessionRegistry } from '../speech/registry.ts';
import type { Session } from '../speech/session.ts';
import type { ServerRecord, Store } from '../store/store.ts';
import { gate } from './gate.ts';
import type { LineMaker } from './lines.ts';
import { authorOf, hasMore, isOrdinary, isSilent, withoutAddress, writtenOf } from './message-parts.ts';
import type { Notices, Words } from './notices.ts';
import { isHiddenFromSome, readingOf } from './read-channels.ts';
import type { GoneNotices } from './voices/gone-notices.ts';

/** A message of plain words, as anybody would write it. */
const WRITTEN_NOW = { ordinary: true, byBot: false, silent: false, content: 'a', hasMore: false } as const;

export interface ReaderOptions {
  readonly client: Client;
  readonly sessions: SessionRegistry;
  readonly store: Pick<Store, 'server'>;
  readonly lines: LineMaker;
  readonly gone: GoneNotices;
  readonly reasons: ReasonBook;
  readonly notices: Notices;
  /** Discord lets the bot see what people write. */
  readonly contentVisible: () => boolean;
  /** Brings the bot to the author's channel, where it may come by itself; null where it may not. */
  readonly comeTo: (channel: VoiceBasedChannel, message: Message<true>) => Session | null;
  readonly log: Logger;
}

/** Everybody's last message is remembered for `/why`, of so many people. */
const MAX_PEOPLE = 10_000;
const REMEMBERED_MS = 60 * 60_000;
const CAPPED_MS = 60_000;

/** What is known of a message: that it was read, is about to be, or why not. */
export type Fate = Reason | 'read' | 'waiting' | 'unknown';

/** Somebody who asks why they are not read, and where they would write. */
export interface Asker {
  readonly guild: Guild;
  readonly channel: GuildBasedChannel | null;
  readonly userId: string;
  readonly roleIds: { has(id: string): boolean };
}

/** Reads what people write in the channels that are read, each message once. */
export class Reader {
  readonly #options: ReaderOptions;
  /** The id of each person's last message, by server and person. */
  readonly #last = new LRUCache<string, string>({ max: MAX_PEOPLE, ttl: REMEMBERED_MS });
  /** Who has been told that they said too much, by server and person. */
  readonly #capped = new LRUCache<string, true>({ max: MAX_PEOPLE, ttl: CAPPED_MS });

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** A message has been written. Never rejects. */
  async read(message: Message<true>): Promise<void> {
    const { client, reasons, store, log } = this.#options;
    // Replayed by Discord after a resume, it is known already.
    if (message.author.id === client.user?.id || reasons.find(message.id) !== undefined) return;
    try {
      const record = await store.server(message.guildId);
      const session = this.#session(message, record);
      // Most servers are silent most of the time: what needs no memory is not kept.
      if (!session || reasons.find(message.id) !== undefined) return;
      this.#last.set(`${message.guildId} ${message.author.id}`, message.id);
      reasons.waiting(message.id);
      const reason = this.#gate(message, record, session) ?? this.#say(message, record, session);
      if (reason) reasons.note(message.id, reason);
    } catch (error) {
      reasons.note(message.id, 'failed');
      log.error({ guildId: message.guildId, messageId: message.id, err: error }, 'a message was not read');
    }
  }

  /** A message is no more, perhaps before it was read. */
  deleted(messageId: string, guildId: string): void {
    const { reasons, sessions } = this.#options;
    const session = sessions.get(guildId);
    if (!session) return;
    if ([undefined, 'waiting'].includes(reasons.find(messageId))) reasons.note(messageId, 'deleted');
    session.dropMessage(messageId);
  }

  /** Why a message was not read; what nobody noted is told by how things are now. */
  async why(message: Message<true>): Promise<Fate> {
    const { reasons, sessions, store, client } = this.#options;
    const noted = reasons.find(message.id);
    if (noted !== undefined) return noted;
    if (message.author.id === client.user?.id) return 'bot';
    const record = await store.server(message.guildId);
    return this.#gate(message, record, sessions.get(message.guildId)) ?? 'unknown';
  }

  /** The same by the id alone. */
  whyOf(messageId: string, guildId: string): Fate {
    const { reasons, sessions } = this.#options;
    return reasons.find(messageId) ?? (sessions.get(guildId) ? 'unknown' : 'not-here');
  }

  /** The same of somebody's last message; where there is none, of one that they would write now. */
  async whyNot({ guild, channel, userId, roleIds }: Asker): Promise<Fate> {
    const last = this.#last.get(`${guild.id} ${userId}`);
    if (last !== undefined) return this.whyOf(last, guild.id);
    if (!channel) return 'unknown';
    const record = await this.#options.store.server(guild.id);
    const settings = settingsIn(record.settings, channel.id);
    const voiceChannelId = this.#options.sessions.get(guild.id)?.channelId;
    const reason = gate({
      ...WRITTEN_NOW,
      contentVisible: this.#options.contentVisible(),
      ...this.#surroundings({ guild, channel, authorId: userId }, record, voiceChannelId),
      optedOut: record.optOuts.has(userId),
      roleIds,
      settings,
    });
    return reason ?? (this.#options.contentVisible() ? 'unknown' : 'no-content');
  }

  #session(message: Message<true>, record: ServerRecord): Session | null {
    const { sessions, comeTo } = this.#options;
    const session = sessions.get(message.guildId);
    if (session || !record.settings.autoJoin) return session ?? null;
    const channel = message.guild.voiceStates.cache.get(message.author.id)?.channel;
    if (!channel) return null;
    const shut = this.#gate(message, record, { channelId: channel.id }) !== null;
    return shut ? null : comeTo(channel, message);
  }

  #channel(guild: Guild, channelId: string, { settings }: ServerRecord, voiceChannelId: string | undefined) {
    const listed = readingOf(settings, guild, channelId, voiceChannelId);
    // Where it comes by itself, it reads the chat of the voice channel that it came to.
    return listed ?? (settings.autoJoin && channelId === voiceChannelId ? 'join' : null);
  }

  #surroundings(
    { guild, channel, authorId }: { guild: Guild; channel: GuildBasedChannel; authorId: string },
    record: ServerRecord,
    voiceChannelId: string | undefined,
  ) {
    return {
      here: voiceChannelId !== undefined,
      channel: this.#channel(guild, channel.id, record, voiceChannelId),
      hiddenFromSome: () => voiceChannelId !== undefined && isHiddenFromSome(guild, channel, voiceChannelId),
      inVoice: guild.voiceStates.cache.get(authorId)?.channelId === voiceChannelId,
    };
  }

  #gate(
    message: Message<true>,
    record: ServerRecord,
    session: { channelId: string } | undefined,
  ): Reason | null {
    const { guild, channel, author, member } = message;
    const reason = gate({
      ordinary: isOrdinary(message),
      byBot: author.bot || message.webhookId !== null,
      silent: isSilent(message),
      content: message.content,
      hasMore: hasMore(writtenOf(message)),
      contentVisible: this.#options.contentVisible(),
      ...this.#surroundings({ guild, channel, authorId: author.id }, record, session?.channelId),
      optedOut: record.optOuts.has(author.id),
      roleIds: member?.roles.cache ?? new Set<string>(),
      settings: settingsIn(record.settings, message.channelId),
    });
    // Nobody is read who may have opted out.
    return reason ?? (record.known ? null : 'no-database');
  }

  /** Queues a message; why not, where it cannot be. */
  #say(message: Message<true>, record: ServerRecord, session: Session): Reason | null {
    const { client, lines, reasons } = this.#options;
    const { guild, channelId, member, id } = message;
    const made = lines.draft(
      {
        guild,
        channelId,
        author: authorOf(message),
        roleIds: member?.roles.cache ?? new Set<string>(),
        written: withoutAddress(writtenOf(message), client.user?.id),
        voice: undefined,
      },
      record,
    );
    if (!made) return 'nothing';
    try {
      session.say({
        ...made.draft,
        source: 'chat',
        messageId: id,
        onFailed: () => {}, // chat is told by `/why`
        onVoiceGone: voice => void this.#tellGone(message, voice, record),
        onOutcome: reason => reasons.note(id, reason),
      });
      return null;
    } catch (error) {
      if (!(error instanceof Unsaid)) throw error;
      if (error.reason === 'person-cap') void this.#tellCapped(message, error);
      return error.reason;
    }
  }

  /** Tells whoever said too much, where they wrote it, and not again within a minute. Never rejects. */
  async #tellCapped(message: Message<true>, why: Unsaid): Promise<void> {
    const who = `${message.guildId} ${message.author.id}`;
    if (this.#capped.has(who)) return;
    this.#capped.set(who, true);
    await this.#tell(message, why);
  }

  /** Tells whoever wrote it, where they wrote it, that Fish no longer knows their voice. Never rejects. */
  async #tellGone(message: Message<true>, voice: string, { settings }: ServerRecord): Promise<void> {
    const { guildId, author } = message;
    const notice = this.#options.gone.next({
      guildId,
      userId: author.id,
      voice,
      serverVoice: settings.voice,
    });
    if (notice) await this.#tell(message, notice);
  }

  /** Tells somebody something where they wrote, in the server's language, without a ping. Never rejects. */
  async #tell({ guild, channelId, author }: Message<true>, words: Words): Promise<void> {
    await this.#options.notices.inChannel(guild, [channelId], words, { userId: author.id });
  }
}
