import {
  type APIMessage,
  type Client,
  type Guild,
  type GuildTextBasedChannel,
  type Message,
  PermissionFlagsBits,
  Routes,
} from 'discord.js';
import type { Logger } from '../../log.ts';
import type { GuildRecord } from '../../store/store.ts';
import { madeMessage } from '../made-message.ts';
import { olderFirst } from '../older-first.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import type { ReadMarks } from './read-marks.ts';
import type { Reader } from './reader.ts';
import { type UnreadRange, unreadRange } from './unread-range.ts';

// Asks Discord for what people wrote while their guild moved from another process to this one, and has it read.
// `read-marks.ts` knows how far the other process has read; `unread-range.ts` says which messages that leaves.

/** The most messages that are read of one channel. */
const PAGE = 50;
/** The most channels in which it is looked, so that a server with many does not hold the others up. */
const MAX_CHANNELS = 20;
/** How long Discord gets to answer. What is written in the server meanwhile waits for it. */
const ANSWER_MS = 4_000;

const { ViewChannel, ReadMessageHistory } = PermissionFlagsBits;

export interface CatchUpOptions {
  readonly client: Client;
  readonly marks: ReadMarks;
  readonly gatekeeper: Gatekeeper;
  readonly reader: Pick<Reader, 'readUnread'>;
  readonly log: Logger;
}

/**
 * Reads the messages behind the mark that a guild's former process left. They go the usual way of a message, through
 * the gatekeeper.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /**
   * Call this as soon as the guild has a session with which the bot comes back to the voice channel `channelId`; what
   * is written from then on is said after what was missed. Does nothing from the second time on. `wasKilled`: see
   * `unreadRange`. Never rejects.
   */
  async comesBack(guild: Guild, channelId: string, wasKilled: boolean): Promise<void> {
    const { marks, reader } = this.#options;
    if (!marks.seeksHeritage(guild.id)) return;
    await reader.readUnread(guild.id, () => this.#missed(guild, channelId, wasKilled));
  }

  /** The messages that were missed, the oldest first; none where they cannot be known. Never rejects. */
  async #missed(guild: Guild, channelId: string, wasKilled: boolean): Promise<readonly Message<true>[]> {
    const { marks, gatekeeper, log } = this.#options;
    let newest = '0';
    try {
      const mark = await marks.heritage(guild.id);
      newest = mark?.newest ?? newest;
      const range = mark ? unreadRange(mark, { wasKilled, now: Date.now() }) : null;
      const record = await gatekeeper.record(guild.id);
      if (!range || !record.known) return [];
      const found = await this.#find(guild, channelId, record, range);
      newest = found.at(-1)?.id ?? newest;
      log.info(
        { guildId: guild.id, messages: found.length },
        'reads what was written while the server moved',
      );
      return found;
    } catch (error) {
      log.warn({ guildId: guild.id, err: error }, 'what was written while the server moved is not read');
      return [];
    } finally {
      marks.settled(guild.id, newest);
    }
  }

  async #find(
    guild: Guild,
    channelId: string,
    record: GuildRecord,
    { after, holds }: UnreadRange,
  ): Promise<readonly Message<true>[]> {
    const { gatekeeper } = this.#options;
    const { me } = guild.members;
    const channels = gatekeeper.readChannels(guild, record, { channelId }).filter(channel => {
      const seen = me && channel.permissionsFor(me)?.has([ViewChannel, ReadMessageHistory]);
      return seen && hasNew(channel, after);
    });
    const pages = await Promise.all(
      channels.slice(0, MAX_CHANNELS).map(channel => this.#page(channel, after)),
    );
    return pages
      .flat()
      .filter(({ id }) => holds(id))
      .toSorted(olderFirst);
  }

  /** The first messages of a channel behind `after`. Where Discord does not tell, there are none. Never rejects. */
  async #page(channel: GuildTextBasedChannel, after: bigint): Promise<readonly Message<true>[]> {
    const { guildId, id: channelId } = channel;
    try {
      const query = new URLSearchParams({ after: String(after), limit: String(PAGE) });
      const found = await this.#get<APIMessage[]>(Routes.channelMessages(channelId), query);
      const senders = await this.#senders(channel.guild, found);
      return found.flatMap(message => {
        const member = senders.get(message.author.id);
        if (member === null) return [];
        return madeMessage(channel, { ...message, guild_id: guildId, ...(member && { member }) });
      });
    } catch (error) {
      this.#options.log.warn({ guildId, channelId, err: error }, 'Discord does not tell what was written');
      return [];
    }
  }

  /**
   * The members who have sent messages and are not in memory, as Discord has them, by user id. A message has no member
   * in this answer of Discord. Null for those of whom Discord does not tell: their roles may forbid that they are read.
   */
  async #senders(guild: Guild, messages: readonly APIMessage[]): Promise<ReadonlyMap<string, object | null>> {
    const people = messages
      .filter(message => message.webhook_id === undefined)
      .map(({ author }) => author.id);
    const unknown = [...new Set(people)].filter(id => !guild.members.cache.has(id));
    const found = unknown.map(async id => {
      const member = await this.#get<object>(Routes.guildMember(guild.id, id)).catch(() => null);
      return [id, member] as const;
    });
    return new Map(await Promise.all(found));
  }

  async #get<T>(route: `/${string}`, query?: URLSearchParams): Promise<T> {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return (await this.#options.client.rest.get(route, { signal, ...(query && { query }) })) as T;
  }
}

/** Whether something may have been written behind an id. A server has many threads, and little is written in most. */
function hasNew(channel: GuildTextBasedChannel, after: bigint): boolean {
  return !channel.isThread() || BigInt(channel.lastMessageId ?? 0) > after;
}
