import { type Guild, type Message, MessageFlags, MessageReferenceType } from 'discord.js';
import { LRUCache } from 'lru-cache';
import { isAnswer } from '../lines/message-parts.ts';
import { type Author, authorOfNow } from './author.ts';

/**
 * The bots that say people's messages again under other names, through a webhook, and delete the first ones: PluralKit
 * and Tupperbox. A bot's user id is also the id of its application.
 */
const PROXY_BOTS: ReadonlySet<string> = new Set(['466378653216014359', '431544605209788416']);

/**
 * A message that a proxy bot may say again is not begun for so long. PluralKit deletes what it says again within 0.4 to
 * 0.9 s.
 */
const HOLD_MS = 1_200;
/** A proxy bot that is overloaded says a message again at most so long after it was written. */
const SAID_AGAIN_WITHIN_MS = 10_000;
/** A proxy bot that was seen in a guild is taken to be there for a day. */
const SEEN_FOR_MS = 86_400_000;
const MAX_GUILDS = 10_000;
/** So many messages of one guild are remembered for that time. */
const MAX_WRITTEN = 200;

/** A message that somebody wrote where a proxy bot may say it again. */
export interface Original {
  readonly id: string;
  readonly channelId: string;
  readonly author: Author;
  /** What was written. It is kept for a few seconds, in memory. */
  readonly content: string;
  readonly hasFiles: boolean;
  /** When it arrived, in milliseconds of the monotonic clock. */
  readonly at: number;
}

/** Knows where proxy bots are, and which of a person's messages such a bot has said again. */
export class Proxies {
  /** The ids of the guilds in which a proxy bot was seen at work lately. */
  readonly #seenIn = new LRUCache<string, true>({ max: MAX_GUILDS, ttl: SEEN_FOR_MS });
  /** By guild id: what people wrote lately and no proxy bot has said again yet, the oldest first. */
  readonly #written = new Map<string, Original[]>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * To be called for each message that arrives, in their order. For a message that a proxy bot may say again, `notBefore`
   * is when it may begin at the earliest, by the monotonic clock. For a message by which a proxy bot says another one
   * again, `original` is that one; undefined if it is not known. For all other messages both are undefined.
   */
  onMessage(message: Message<true>): { notBefore?: number; original?: Original | undefined } {
    const { guild, guildId, applicationId, webhookId, author } = message;
    if (webhookId !== null) {
      if (isAnswer(message)) return {};
      const isOfProxy = applicationId !== null && PROXY_BOTS.has(applicationId);
      if (isOfProxy) this.#seenIn.set(guildId, true);
      // Where Discord does not tell whose the webhook is, it may be a proxy bot's, if what it says was just written.
      const mayBe = isOfProxy || (applicationId === null && message.content !== '');
      return { original: mayBe ? this.#originalOf(message) : undefined };
    }
    if (author.bot || !mayBeSaidAgain(message) || !this.#isIn(guild)) return {};
    const { id, channelId, content, attachments } = message;
    const at = this.#now();
    const written = this.#recent(guildId);
    written.push({
      id,
      channelId,
      author: authorOfNow(message),
      content,
      hasFiles: attachments.size > 0,
      at,
    });
    this.#written.set(guildId, written.slice(-MAX_WRITTEN));
    return { notBefore: at + HOLD_MS };
  }

  /** A bot that is invited with permissions has a role, which Discord marks with the bot's id. */
  #isIn({ id, roles, members }: Guild): boolean {
    if (this.#seenIn.has(id)) return true;
    const isProxy = (botId: string | undefined) => botId !== undefined && PROXY_BOTS.has(botId);
    return roles.cache.some(({ tags }) => isProxy(tags?.botId)) || members.cache.hasAny(...PROXY_BOTS);
  }

  #recent(guildId: string): Original[] {
    const since = this.#now() - SAID_AGAIN_WITHIN_MS;
    return (this.#written.get(guildId) ?? []).filter(({ at }) => at > since);
  }

  /** Finds the message that is said again, the last one in that channel which has the words in it, and forgets it. */
  #originalOf({ guildId, channelId, content }: Message<true>): Original | undefined {
    const written = this.#recent(guildId);
    const isLike = (one: Original) => (content === '' ? one.hasFiles : one.content.includes(content));
    const at = written.findLastIndex(one => one.channelId === channelId && isLike(one));
    const [original] = at < 0 ? [] : written.splice(at, 1);
    if (written.length > 0) this.#written.set(guildId, written);
    else this.#written.delete(guildId);
    return original;
  }
}

/** Whether a proxy bot can say such a message again: it has words or files, and no poll, forward or sound of its own. */
function mayBeSaidAgain({ content, attachments, poll, reference, flags, system }: Message<true>): boolean {
  if (flags.has(MessageFlags.IsVoiceMessage)) return false;
  if (system || poll !== null || reference?.type === MessageReferenceType.Forward) return false;
  return content !== '' || attachments.size > 0;
}
