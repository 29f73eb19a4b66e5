import type { Client, Guild, GuildBasedChannel, Message, VoiceBasedChannel } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../log.ts';
import { settingsIn } from '../settings.ts';
import type { MessagePlace, ReasonBook } from '../speech/reason-book.ts';
import { type Reason, Unsaid } from '../speech/reasons.ts';
import type { SessionRegistry } from '../speech/registry.ts';
import type { Session } from '../speech/session.ts';
import type { ServerRecord, Store } from '../store/store.ts';
import { gate } from './gate.ts';
import type { GuildTurns } from './guild-turns.ts';
import type { JoinReading } from './join-reading.ts';
import type { LineMaker } from './lines.ts';
import { authorOf, hasMore, isOrdinary, isSilent, withoutAddress, writtenOf } from './message-parts.ts';
import type { Notices, Words } from './notices.ts';
import { Missed } from './missed.ts';
import { isHiddenFromSome, readingOf } from './read-channels.ts';
import { readsHistory, sees, type Viewer } from './seeing.ts';
import { SeenMessages } from './seen.ts';
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
  /** In which what people write and ask for becomes lines. */
  readonly order: GuildTurns;
  readonly joins: JoinReading;
  readonly notices: Notices;
  /** Discord lets the bot see what people write. */
  readonly contentVisible: () => boolean;
  /** Brings the bot to the author's channel, where it may come by itself; null where it may not. */
  readonly comeTo: (channel: VoiceBasedChannel, message: Message<true>) => Session | null;
  readonly log: Logger;
}

/** Who was told that they said too much is remembered, of so many people. */
const MAX_PEOPLE = 10_000;
const CAPPED_MS = 60_000;

/** Why a message is not read that a `/join` just before it would have had read. */
const BEFORE_JOIN: ReadonlySet<Reason> = new Set(['not-here', 'channel'] as const);

/**
 * What is known of a message: that it was read, is about to be, or why not. `absent`: nothing, and the bot is in no
 * voice channel of that server.
 */
export type Fate = Reason | 'read' | 'waiting' | 'unknown' | 'absent';

/** Somebody who asks why a message was not read, and the channel where they ask. */
export interface Asker extends Viewer {
  readonly channel: GuildBasedChannel | null;
}

/** A message that somebody asks about: its id, and where it stands if they gave a link. */
export interface AskedMessage {
  readonly id: string;
  readonly guildId: string | undefined;
  readonly channelId: string | undefined;
}

/** Reads what people write in the channels that are read, each message once. */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #seen = new SeenMessages();
  /** The ids of the messages whose turn to be read has not come. */
  readonly #underWay = new Set<string>();
  readonly #missed = new Missed();
  /** Who has been told that they said too much, by server and person. */
  readonly #capped = new LRUCache<string, true>({ max: MAX_PEOPLE, ttl: CAPPED_MS });

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /**
   * A message has been written: it becomes a line behind all that was written before it in the server, whatever
   * has to be waited for. Never rejects.
   */
  async read(message: Message<true>): Promise<void> {
    const { client, order } = this.#options;
    if (message.author.id === client.user?.id || !this.#seen.isFirst(message.guildId, message.id)) return;
    this.#underWay.add(message.id);
    await order.take(message.guildId, () => this.#read(message));
    this.#underWay.delete(message.id);
  }

  /**
   * A `/join` has been used, and these channels are read now: so is what was written there after it, and told of
   * before it. To be called in the server's turn. Never rejects.
   */
  async readAfter(interactionId: string, channelIds: readonly string[]): Promise<void> {
    for (const message of this.#missed.takeAfter(interactionId, channelIds)) await this.#read(message);
  }

  async #read(message: Message<true>): Promise<void> {
    const { reasons, log } = this.#options;
    try {
      const record = await this.#record(message.guildId);
      const reason = this.#decide(message, record);
      if (reason && BEFORE_JOIN.has(reason)) this.#missed.note(message);
      // Most servers are silent most of the time: what needs no memory is not kept.
      if (reason && reason !== 'not-here') reasons.note(placeOf(message), reason);
    } catch (error) {
      reasons.note(placeOf(message), 'failed');
      log.error({ guildId: message.guildId, messageId: message.id, err: error }, 'a message was not read');
    }
  }

  /** Queues a message; why not, where it is not read. */
  #decide(message: Message<true>, record: ServerRecord): Reason | null {
    const { reasons } = this.#options;
    if (reasons.find(message.guildId, message.id)?.outcome === 'deleted') return 'deleted';
    const session = this.#session(message, record);
    if (!session) return 'not-here';
    reasons.waiting(placeOf(message));
    return this.#gate(message, record, session) ?? this.#say(message, record, session);
  }

  /** Messages of a channel are no more, perhaps before they were read. */
  deleted(messageIds: readonly string[], guildId: string, channelId: string): void {
    const { reasons, sessions } = this.#options;
    const session = sessions.get(guildId);
    for (const id of messageIds) {
      this.#missed.forget(id);
      const known = reasons.find(guildId, id);
      const isOpen = known ? known.outcome === 'waiting' : session !== undefined || this.#underWay.has(id);
      if (isOpen) reasons.note({ authorId: null, ...known, id, guildId, channelId }, 'deleted');
    }
    session?.dropMessages(new Set(messageIds));
  }

  /** A channel is no more, and its threads with it: what was written there is not said. */
  channelDeleted(guildId: string, channelIds: readonly string[]): void {
    this.#options.sessions.get(guildId)?.dropChannels(new Set(channelIds));
  }

  /**
   * Why a message in whose menu somebody asks was not read. What nobody noted is told by how things are now. Nothing is
   * known to people who do not see its channel.
   */
  async why(message: Message<true>, viewer: Viewer): Promise<Fate> {
    const { reasons, sessions, client } = this.#options;
    if (!sees(viewer, message.channel)) return 'unknown';
    await this.#settled(message.guildId);
    const noted = reasons.find(message.guildId, message.id);
    if (noted) return noted.outcome;
    if (message.author.id === client.user?.id) return 'bot';
    const record = await this.#record(message.guildId);
    return this.#gate(message, record, sessions.get(message.guildId)) ?? 'unknown';
  }

  /**
   * The same of a message that somebody names. Nothing is known of messages of other servers, nor to people who cannot
   * read it in its channel: then the answer is the one for a message that never was.
   */
  async whyOf({ id, guildId, channelId }: AskedMessage, viewer: Viewer): Promise<Fate> {
    const { guild } = viewer.member;
    if (guildId !== undefined && guildId !== guild.id) return 'unknown';
    await this.#settled(guild.id);
    const noted = this.#options.reasons.find(guild.id, id);
    const channel = noted && guild.channels.cache.get(noted.channelId);
    const isThere = channelId === undefined || channelId === noted?.channelId;
    if (noted && channel && isThere && readsHistory(viewer, channel)) return noted.outcome;
    return this.#options.sessions.get(guild.id) ? 'unknown' : 'absent';
  }

  /** The same of somebody's last message; where there is none, of one that they would write now. */
  async whyNot({ member, channel }: Asker): Promise<Fate> {
    const { guild, id: userId } = member;
    await this.#settled(guild.id);
    const last = this.#options.reasons.lastOf(guild.id, userId);
    if (last) return last.outcome;
    if (!channel) return 'unknown';
    const record = await this.#record(guild.id);
    const session = this.#options.sessions.get(guild.id);
    const unknown = unknownReason(record, session);
    if (unknown) return unknown;
    const settings = settingsIn(record.settings, channel.id);
    const voiceChannelId = session?.channelId;
    const reason = gate({
      ...WRITTEN_NOW,
      contentVisible: this.#options.contentVisible(),
      ...this.#surroundings({ guild, channel, authorId: userId }, record, voiceChannelId),
      optedOut: record.optOuts.has(userId),
      roleIds: member.roles.cache,
      settings,
    });
    return reason ?? (this.#options.contentVisible() ? 'unknown' : 'no-content');
  }

  /** Resolves when all that was written before is noted. */
  async #settled(guildId: string): Promise<void> {
    await this.#options.order.take(guildId, async () => {});
  }

  /** The server's record, with what a `/join` under way will have changed of it. */
  async #record(guildId: string): Promise<ServerRecord> {
    const record = await this.#options.store.server(guildId);
    return { ...record, settings: this.#options.joins.over(guildId, record.settings) };
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
    const unknown = unknownReason(record, session);
    if (unknown) return unknown;
    return gate({
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
  }

  /** Queues a message; why not, where it cannot be. */
  #say(message: Message<true>, record: ServerRecord, session: Session): Reason | null {
    const { client, lines, reasons } = this.#options;
    const { guild, channelId, member, id } = message;
    const place = placeOf(message);
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
        channelId,
        onFailed: () => {}, // chat is told by `/why`
        onVoiceGone: voice => void this.#tellGone(message, voice, record),
        onOutcome: reason => reasons.note(place, reason),
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

/** Nobody is read who may have opted out, and nothing is told by settings that are not the server's; null: all is known. */
function unknownReason({ known }: ServerRecord, session: object | undefined): Reason | null {
  if (known) return null;
  return session ? 'no-database' : 'not-here';
}

function placeOf({ id, guildId, channelId, author }: Message<true>): MessagePlace {
  return { id, guildId, channelId, authorId: author.id };
}
