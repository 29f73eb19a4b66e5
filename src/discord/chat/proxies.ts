import { type Guild, type Message, MessageFlags, MessageReferenceType } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { ReasonBook } from '../../speech/reason-book.ts';
import { isAnswer } from '../lines/message-parts.ts';
import { isOfProxyBot, PROXY_BOTS } from '../lines/writers.ts';
import { type Author, authorOfNow } from './author.ts';

// Proxy bots (PluralKit, Tupperbox) say people's messages again under other names, through a webhook, and delete the
// first ones. Here it is found out which message was said again, so that it is heard once, to its end, and how long a
// message waits for that (so do the lines after it, so that the order stays). The bot's message takes the place of the
// first one, under the rules and in the voice of whoever wrote that one.

/**
 * How long a message waits that a proxy bot may say again. PluralKit deletes what it says again within 0.4 to
 * 0.9 s.
 */
const HOLD_MS = 1_200;
/** The longest that even an overloaded proxy bot takes to say a message again. */
const SAID_AGAIN_WITHIN_MS = 10_000;
/** A proxy bot that was seen in a guild is taken to be there for a day. */
const SEEN_FOR_MS = 86_400_000;
const MAX_GUILDS = 10_000;
/** The most messages, of all guilds together, that are remembered for `SAID_AGAIN_WITHIN_MS`. */
const MAX_WRITTEN = 5_000;
/** How long we remember that a message is heard in place of the one by which a proxy bot said it again, too late. */
const IN_PLACE_MS = 10 * 60_000;
const MAX_IN_PLACE = 1_000;

/** A message that somebody wrote where a proxy bot may say it again. */
export interface Original {
  readonly id: string;
  readonly guildId: string;
  readonly channelId: string;
  readonly author: Author;
  /** What was written. It is kept for a few seconds, in memory. */
  readonly content: string;
  readonly hasFiles: boolean;
}

/** Knows where proxy bots are, and which of a person's messages such a bot has said again. */
export class Proxies {
  readonly #reasons: Pick<ReasonBook, 'find'>;
  /** The ids of the guilds in which a proxy bot was seen at work lately. */
  readonly #seenIn = new LRUCache<string, true>({ max: MAX_GUILDS, ttl: SEEN_FOR_MS });
  /** By message id: what people wrote lately and no proxy bot has said again yet. */
  readonly #written = new LRUCache<string, Original>({
    max: MAX_WRITTEN,
    ttl: SAID_AGAIN_WITHIN_MS,
    ttlAutopurge: true, // What people wrote is removed from memory after that time, not only when it is looked for.
  });

  /** By the id of a message that says another one again: the id of that one, which is heard in its place. */
  readonly #inPlace = new LRUCache<string, string>({ max: MAX_IN_PLACE, ttl: IN_PLACE_MS });

  constructor(reasons: Pick<ReasonBook, 'find'>) {
    this.#reasons = reasons;
  }

  /**
   * Call this for each message that arrives, in their order. For a message that a proxy bot may say again, `notBefore`
   * is when it may begin at the earliest, by the monotonic clock. For a message by which a proxy bot says another one
   * again, `original` is that one; undefined if it is not known. For all other messages both are undefined.
   */
  onMessage(message: Message<true>): { notBefore?: number; original?: Original | undefined } {
    const { guild, guildId, applicationId, webhookId, author } = message;
    if (webhookId !== null) {
      if (isAnswer(message)) return {};
      const isOfProxy = isOfProxyBot(message);
      if (isOfProxy) this.#seenIn.set(guildId, true);
      // Where Discord does not tell whose the webhook is, it may be a proxy bot's, if what it says was just written.
      const mayBe = isOfProxy || (applicationId === null && message.content !== '' && this.#isIn(guild));
      return { original: mayBe ? this.#originalOf(message, isOfProxy) : undefined };
    }
    if (author.bot || !mayBeSaidAgain(message) || !this.#isIn(guild)) return {};
    const { id, channelId, content, attachments } = message;
    const hasFiles = attachments.size > 0;
    this.#written.set(id, { id, guildId, channelId, author: authorOfNow(message), content, hasFiles });
    return { notBefore: performance.now() + HOLD_MS };
  }

  /**
   * Notes that a message was begun to be said before a proxy bot said it again with the message `again`. It is then
   * heard in place of that one, although the proxy bot deletes it.
   */
  heardInPlaceOf(again: string, originalId: string): void {
    this.#inPlace.set(again, originalId);
  }

  /** Whether a message is not said because the one that it says again was being heard already. */
  isReplacedByOriginal(again: string): boolean {
    return this.#inPlace.has(again);
  }

  /**
   * Returns the ids of the messages that are no longer to be said when these messages are deleted. An original that is
   * heard in place of a proxy bot's message goes on when it is deleted itself, and ends when that message is deleted.
   */
  silencedBy(deletedIds: readonly string[]): readonly string[] {
    const goOn = new Set(this.#inPlace.values());
    return deletedIds.flatMap(id => {
      const original = this.#inPlace.get(id);
      return goOn.has(id) ? [] : original === undefined ? [id] : [id, original];
    });
  }

  /** Whether a proxy bot is in a guild. Discord marks the role of a bot that was invited with permissions by its id. */
  #isIn({ id, roles, members }: Guild): boolean {
    if (this.#seenIn.has(id)) return true;
    const isProxy = (botId: string | undefined) => botId !== undefined && PROXY_BOTS.has(botId);
    return roles.cache.some(({ tags }) => isProxy(tags?.botId)) || members.cache.hasAny(...PROXY_BOTS);
  }

  /**
   * Finds the message that is said again, and forgets it. Of those in that channel that have the words in them, it is
   * most likely one that was deleted already, and least likely one that was read; then the one with the fewest other
   * words; then the oldest. Where it is not known that a proxy bot says it, the words have to be half of it at least:
   * somebody may have made a webhook to silence others with it.
   */
  #originalOf({ guildId, channelId, content }: Message<true>, isOfProxy: boolean): Original | undefined {
    const isLike = (one: Original) => {
      if (content === '') return one.hasFiles;
      return one.content.includes(content) && (isOfProxy || 2 * content.length >= one.content.length);
    };
    const [original] = [...this.#written.values()]
      .filter(one => one.guildId === guildId && one.channelId === channelId && isLike(one))
      .toReversed() // the oldest first
      .toSorted(
        (one, other) =>
          this.#unlikeliness(one) - this.#unlikeliness(other) || one.content.length - other.content.length,
      );
    if (original) this.#written.delete(original.id);
    return original;
  }

  #unlikeliness({ guildId, id }: Original): number {
    const outcome = this.#reasons.find(guildId, id)?.outcome;
    if (outcome === 'deleted') return 0;
    return outcome === 'read' ? 2 : 1;
  }
}

/**
 * Whether a proxy bot can say such a message again: it has words or files, and no poll, forward or sound of its own.
 */
function mayBeSaidAgain({ content, attachments, poll, reference, flags, system }: Message<true>): boolean {
  if (flags.has(MessageFlags.IsVoiceMessage)) return false;
  if (system || poll !== null || reference?.type === MessageReferenceType.Forward) return false;
  return content !== '' || attachments.size > 0;
}
