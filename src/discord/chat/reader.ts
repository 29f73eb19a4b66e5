import type { Client, Guild, Message, VoiceBasedChannel } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../log.ts';
import { inChannels, meantFor, withIds } from '../../speech/part-filters.ts';
import type { ReasonBook } from '../../speech/reason-book.ts';
import type { Reason, Refusal } from '../../speech/reasons.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { Session } from '../../speech/session.ts';
import type { GuildRecord } from '../../store/store.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { isThinking } from '../lines/message-parts.ts';
import { forwardedWriter, forwardsWithin } from '../lines/writers.ts';
import type { Notices } from '../notices.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { HeldMessages } from './held-messages.ts';
import { type Incoming, incoming, placeOf, withWriter } from './incoming.ts';
import type { MessageLines } from './message-lines.ts';
import { MissedMessages } from './missed.ts';
import { type Original, Proxies } from './proxies.ts';
import type { ReadNotes } from './read-marks.ts';
import { SeenMessages } from './seen.ts';
import { UnreadNotices } from './unread-notices.ts';

// Takes each chat message that Discord delivers, in its turn and once, and decides with `gatekeeper.ts` whether it is
// read aloud; if not, it notes why, for `/why`. `message-lines.ts` then has it said.

export interface ReaderOptions {
  readonly client: Client;
  readonly sessions: SessionRegistry;
  readonly gatekeeper: Gatekeeper;
  readonly messageLines: Pick<MessageLines, 'queue'>;
  readonly reasons: ReasonBook;
  /** In each guild, messages and commands become lines one after another: each waits for its turn here. */
  readonly lineTurns: GuildTurns;
  readonly notices: Notices;
  /** Notes how far chat was read, for other processes. */
  readonly marks: ReadNotes;
  /** Brings the bot to a voice channel in which somebody wrote a message; null when it cannot or should not come. */
  readonly comeTo: (channel: VoiceBasedChannel, message: Message<true>) => Session | null;
  readonly log: Logger;
}

interface Arrival {
  /** Whether the bot was in a voice channel when the message arrived, which may have been before its turn. */
  readonly wasHere: boolean;
  /** What was known of the message then. */
  readonly arrived?: Incoming | undefined;
  /** See `Line`. */
  readonly missed?: boolean;
}

/**
 * An arrival of which is known who wrote what the message forwards (see `forwardedWriter`). Where the message is not
 * read anyway, that is not asked for, and `writerId` is undefined.
 */
interface Decided extends Arrival {
  readonly writerId: string | null | undefined;
}

/** The answer of another bot that is "thinking" is awaited for this long; later Discord takes no answer from it. */
const THINKING_MS = 15 * 60_000;
const MAX_THINKING = 1_000;

/** The reasons that would not have applied if a `/join` had arrived before the message. */
const BEFORE_JOIN: ReadonlySet<Reason> = new Set(['not-here', 'channel', 'thread'] as const);

/** Reads messages in the order in which they arrive, and each of them once, even if Discord delivers it twice. */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #seen = new SeenMessages();
  /** The ids of the messages that have arrived but are not yet read, because their turn has not come. */
  readonly #underWay = new Set<string>();
  readonly #missed = new MissedMessages();
  readonly #held = new HeldMessages();
  readonly #unread: UnreadNotices;
  readonly #proxies: Proxies;
  /** The ids of the messages in which other bots are "thinking". */
  readonly #thinking = new LRUCache<string, true>({ max: MAX_THINKING, ttl: THINKING_MS });

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#unread = new UnreadNotices(options.notices);
    this.#proxies = new Proxies(options.reasons);
  }

  /**
   * Reads a message that has been written. It becomes a line after all earlier messages and commands of its guild,
   * however long these take. Never rejects.
   */
  async read(message: Message<true>): Promise<void> {
    const { client, lineTurns, sessions } = this.#options;
    if (message.author.id === client.user?.id) return;
    if (isThinking(message)) return void this.#thinking.set(message.id, true);
    if (!this.#seen.isFirst(message.guildId, message.id)) return;
    this.#underWay.add(message.id);
    const session = sessions.get(message.guildId);
    const wasHere = session !== undefined;
    const arrived = session && incoming(message, this.#proxies);
    if (arrived) this.#noteInPlace(message, arrived.original, session);
    await lineTurns.take(message.guildId, async () => {
      if (this.#underWay.has(message.id)) await this.#read(message, { wasHere, arrived });
    });
    this.#underWay.delete(message.id);
  }

  /** Whether a bot was "thinking" in a message when it arrived, so that its words come by an edit. */
  awaits(messageId: string): boolean {
    return this.#thinking.has(messageId);
  }

  /**
   * Reads the messages that were written in these channels after a `/join`, but were delivered before it. To be
   * called when the `/join` has its turn in the guild. Never rejects.
   */
  async readAfter(interactionId: string, channelIds: readonly string[]): Promise<void> {
    for (const message of this.#missed.takeAfter(interactionId, channelIds))
      await this.#read(message, { wasHere: true });
  }

  /**
   * Reads messages that this process has missed: those that `find` resolves with, in their order. `find` is called when
   * it is the guild's turn, and must not reject. A message that was delivered as well is read once. Never rejects.
   */
  async readUnread(guildId: string, find: () => Promise<readonly Message<true>[]>): Promise<void> {
    const { client, lineTurns, reasons } = this.#options;
    await lineTurns.take(guildId, async () => {
      for (const message of this.#held.release(guildId, await find())) {
        this.#seen.isFirst(guildId, message.id);
        this.#underWay.delete(message.id);
        // What this process once left to another one may have come back to it unread.
        const outcome = reasons.find(guildId, message.id)?.outcome ?? 'restarting';
        if (outcome !== 'restarting' || message.author.id === client.user?.id) continue;
        if (isThinking(message)) this.#thinking.set(message.id, true);
        else await this.#read(message, { wasHere: true, missed: true });
      }
    });
  }

  async #read(message: Message<true>, arrival: Arrival): Promise<void> {
    const { reasons, gatekeeper, marks, log } = this.#options;
    const { wasHere, arrived } = arrival;
    const place = placeOf(message, arrived?.author);
    marks.arrived(message);
    try {
      const record = await gatekeeper.record(message.guildId);
      if (marks.isSought(message.guildId)) return this.#held.hold(message);
      const writerId = this.#asksForWriter(message, arrived, record)
        ? await forwardedWriter(message, reasons, record)
        : undefined;
      const refusal = this.#decide(message, { ...arrival, writerId }, record);
      this.#unread.onMessage(message, record);
      if (refusal && marks.isLeft(message, refusal.reason)) return reasons.note(place, 'restarting');
      if (refusal) marks.decided(message);
      if (refusal && BEFORE_JOIN.has(refusal.reason)) this.#missed.note(message);
      // In most guilds the bot is in no voice channel most of the time. That reason is not noted, to save memory.
      if (refusal?.reason === 'not-here' && wasHere) reasons.note(place, 'left');
      else if (refusal && refusal.reason !== 'not-here') reasons.note(place, refusal);
    } catch (error) {
      reasons.note(place, 'failed');
      marks.decided(message);
      log.error({ guildId: message.guildId, messageId: message.id, err: error }, 'a message was not read');
    }
  }

  /**
   * Whether a message forwards another one, and would be read, here or where the bot would come by itself, if the writer
   * of that one is read. Otherwise Discord need not be asked who that is. A blocked word may be in what is forwarded, and
   * that may be left out.
   */
  #asksForWriter(message: Message<true>, arrived: Incoming | undefined, record: GuildRecord): boolean {
    const { sessions, gatekeeper } = this.#options;
    if (!forwardsWithin(message.guildId, message)) return false;
    const channel = record.settings.autoJoin && channelOfAuthor(message);
    const places = [sessions.get(message.guildId), channel ? { channelId: channel.id } : undefined];
    return places.some(place => {
      const refusal = place && gatekeeper.refusal(message, record, place, arrived);
      return refusal === null || refusal?.reason === 'blocked-word';
    });
  }

  /** Queues a message if it is read. Returns null when it is queued, else why not. */
  #decide(message: Message<true>, arrival: Decided, record: GuildRecord): Refusal | null {
    const { reasons, gatekeeper, messageLines } = this.#options;
    if (reasons.find(message.guildId, message.id)?.outcome === 'deleted') return { reason: 'deleted' };
    const session = this.#session(message, record);
    if (!session) return { reason: 'not-here' };
    const whole = arrival.arrived ?? incoming(message, this.#proxies);
    const arrived = withWriter(whole, record, arrival.writerId);
    const { author, original } = arrived;
    reasons.waiting(placeOf(message, author));
    if (original && !this.#replaces(original, message, session)) return { reason: 'said-before' };
    const refusal = gatekeeper.refusal(message, record, session, arrived);
    if (refusal) return refusal;
    const reason = messageLines.queue(arrived, { missed: arrival.missed ?? false, record, session });
    return reason && { reason };
  }

  /** If `original` is being heard while a proxy bot says it again with `again`, notes that it is heard in its place. */
  #noteInPlace(again: Message<true>, original: Original | undefined, session: Session): void {
    if (!original || session.conversation.lines.current?.messageId !== original.id) return;
    // If the original was deleted before, it has fallen silent, and `again` is said as a whole.
    const { outcome } = this.#options.reasons.find(original.guildId, original.id) ?? {};
    if (outcome === 'waiting') this.#proxies.heardInPlaceOf(again.id, original.id);
  }

  /**
   * Drops a message that a proxy bot has said again with the message `again`, and returns true. Returns false when it
   * is being heard already, or was heard: then it would be heard twice.
   */
  #replaces(original: Original, again: Message<true>, session: Session): boolean {
    const { reasons } = this.#options;
    const { id, guildId, channelId, author } = original;
    this.#noteInPlace(again, original, session);
    const outcome = reasons.find(guildId, id)?.outcome;
    if (outcome === 'read' || this.#proxies.isReplacedByOriginal(again.id)) return false;
    session.conversation.drop('proxied', withIds(new Set([id])));
    if (outcome === 'deleted') reasons.note({ id, guildId, channelId, authorId: author.id }, 'proxied');
    return true;
  }

  /** Handles messages that were deleted, perhaps before they were read: what waits of them is no longer said. */
  deleted(deletedIds: readonly string[], guildId: string, channelId: string): void {
    const { reasons, sessions } = this.#options;
    const session = sessions.get(guildId);
    const messageIds = this.#proxies.silencedBy(deletedIds);
    for (const id of messageIds) {
      this.#missed.forget(id);
      const known = reasons.find(guildId, id);
      const isOpen = known ? known.outcome === 'waiting' : session !== undefined || this.#underWay.has(id);
      if (isOpen) reasons.note({ authorId: null, ...known, id, guildId, channelId }, 'deleted');
    }
    session?.conversation.drop('deleted', withIds(new Set(messageIds)));
  }

  /** Handles channels or threads that were deleted: what was written there and still waits is no longer said. */
  channelDeleted(guildId: string, channelIds: readonly string[]): void {
    this.#options.sessions.get(guildId)?.conversation.drop('deleted', inChannels(new Set(channelIds)));
  }

  /**
   * Handles that other people may hear the bot now, or that they may see other channels than before. What waits, or is
   * being heard, is no longer said if somebody there may not see where it was written; nor are the lines of commands
   * whose people have stayed in a voice channel that somebody where the bot is now may not see. Rejects only by a fault
   * of ours.
   */
  async audienceChanged(guild: Guild): Promise<void> {
    const { sessions, gatekeeper } = this.#options;
    const lines = sessions.get(guild.id)?.conversation.lines;
    if (!lines?.current && !lines?.waiting.length) return;
    const record = await gatekeeper.record(guild.id);
    const session = sessions.get(guild.id);
    if (!session || !record.known) return;
    const known = new Map<string, boolean>();
    const isPrivate = (id: string) => {
      const answer = known.get(id) ?? gatekeeper.isPrivate(guild, id, record, session);
      known.set(id, answer);
      return answer;
    };
    // Who has come along with the bot may have it say their line there.
    const isLeft = (id: string, userId: string) =>
      guild.voiceStates.cache.get(userId)?.channelId !== session.channelId &&
      gatekeeper.isHidden(guild, id, session);
    session.conversation.drop('private-channel', meantFor(isPrivate, isLeft));
  }

  /**
   * Returns the guild's session. With `autoJoin` the bot comes to the author's voice channel, if it is in none, or in
   * another one where nobody is with it.
   */
  #session(message: Message<true>, record: GuildRecord): Session | null {
    const { sessions, gatekeeper, comeTo } = this.#options;
    const session = sessions.get(message.guildId) ?? null;
    const channel = channelOfAuthor(message);
    if (!record.settings.autoJoin || !channel) return session;
    if (session && (session.channelId === channel.id || session.listens)) return session;
    const shut = gatekeeper.refusal(message, record, { channelId: channel.id }) !== null;
    return (shut ? null : comeTo(channel, message)) ?? session;
  }
}

/** The voice channel of the guild in which the author of a message is. */
function channelOfAuthor({ guild, author }: Message<true>) {
  return guild.voiceStates.cache.get(author.id)?.channel;
}
