import type { Client, GuildBasedChannel, Message } from 'discord.js';
import type { BookEntry, ReasonBook } from '../../speech/reason-book.ts';
import type { Reason, Refusal } from '../../speech/reasons.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { readsHistory, sees, type Viewer } from '../seeing.ts';
import type { Gatekeeper } from './gatekeeper.ts';

// Finds out for `/why` what became of a message: whether it was read or waits, or why it was not read. It is told
// only to people who may read that message. `why-answers.ts` says it in words; `reader.ts` has noted what happened.

/**
 * What became of a message: it was read, it waits to be read, or the reason why it was not read. With `unknown` and
 * `absent` nothing is known of it; `absent` means that the bot is also in no voice channel of the guild.
 * `mine` is a message of the bot itself.
 */
export type Fate = Reason | 'read' | 'waiting' | 'unknown' | 'absent' | 'mine';

/** What is told to somebody about a message. */
export interface Verdict extends Pick<Refusal, 'detail'> {
  readonly fate: Fate;
  /** Whether the message is the asker's own. */
  readonly own: boolean;
}

/** Nothing is told of a message, not even whose it is. */
const UNKNOWN: Verdict = { fate: 'unknown', own: false };

/** Somebody who asks why a message was not read, and the channel where they ask. */
export interface WhyAsker extends Viewer {
  readonly channel: GuildBasedChannel | null;
}

/** A message about which somebody asks: its id, and its guild and channel as far as they gave them. */
export interface AskedMessage {
  readonly id: string;
  readonly guildId: string | undefined;
  readonly channelId: string | undefined;
}

export interface WhyOptions {
  readonly client: Client;
  readonly reasons: ReasonBook;
  readonly sessions: SessionRegistry;
  readonly gatekeeper: Gatekeeper;
  /**
   * The turns in which messages become lines. A question waits for its turn, so that all earlier messages are
   * decided.
   */
  readonly lineTurns: GuildTurns;
}

export class Why {
  readonly #options: WhyOptions;

  constructor(options: WhyOptions) {
    this.#options = options;
  }

  /**
   * Resolves with what became of a message on which somebody opened the menu. If the reason book has no entry for it,
   * the answer is whether the message would be read now. A viewer who does not see its channel gets `unknown`.
   */
  async ofMessage(message: Message<true>, viewer: Viewer): Promise<Verdict> {
    const { reasons, sessions, client, gatekeeper } = this.#options;
    if (!sees(viewer, message.channel)) return UNKNOWN;
    await this.#settled(message.guildId);
    const noted = reasons.find(message.guildId, message.id);
    if (noted) return verdictOf(noted, viewer);
    if (message.author.id === client.user?.id) return { fate: 'mine', own: false };
    const record = await gatekeeper.record(message.guildId);
    const refusal = gatekeeper.refusal(message, record, sessions.get(message.guildId));
    return told(refusal, message.author.id === viewer.member.id);
  }

  /**
   * Resolves with what became of a message that somebody names by id or link. For a message of another guild, and for
   * a viewer who cannot read it in its channel, the answer is the same as for a message that never existed.
   */
  async ofNamed({ id, guildId, channelId }: AskedMessage, viewer: Viewer): Promise<Verdict> {
    const { guild } = viewer.member;
    if (guildId !== undefined && guildId !== guild.id) return UNKNOWN;
    await this.#settled(guild.id);
    const noted = this.#options.reasons.find(guild.id, id);
    const channel = noted && guild.channels.cache.get(noted.channelId);
    const isThere = channelId === undefined || channelId === noted?.channelId;
    if (noted && channel && isThere && readsHistory(viewer, channel)) return verdictOf(noted, viewer);
    return this.#options.sessions.get(guild.id) ? UNKNOWN : { fate: 'absent', own: false };
  }

  /**
   * Resolves with what became of the last message that the asker wrote in this guild. If the reason book has none, the
   * answer is whether a message that they wrote in this channel now would be read.
   */
  async ofLast({ member, channel }: WhyAsker): Promise<Verdict> {
    const { reasons, sessions, gatekeeper } = this.#options;
    const { guild } = member;
    await this.#settled(guild.id);
    const last = reasons.lastOf(guild.id, member.id);
    if (last) return verdictOf(last, { member });
    if (!channel) return UNKNOWN;
    const record = await gatekeeper.record(guild.id);
    return told(gatekeeper.refusalNow(member, channel, record, sessions.get(guild.id)), true);
  }

  /** Resolves when all messages that arrived earlier in the guild have been read or refused, and this is noted. */
  async #settled(guildId: string): Promise<void> {
    await this.#options.lineTurns.take(guildId, async () => {});
  }
}

function verdictOf({ outcome, authorId, ...entry }: BookEntry, { member }: Pick<Viewer, 'member'>): Verdict {
  return { fate: outcome, own: authorId === member.id, ...('detail' in entry && { detail: entry.detail }) };
}

function told(refusal: Refusal | null, own: boolean): Verdict {
  if (!refusal) return UNKNOWN;
  const { reason, ...rest } = refusal;
  return { fate: reason, own, ...rest };
}
