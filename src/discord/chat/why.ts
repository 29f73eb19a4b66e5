import type { Client, GuildBasedChannel, Message } from 'discord.js';
import type { ReasonBook } from '../../speech/reason-book.ts';
import type { Reason } from '../../speech/reasons.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { readsHistory, sees, type Viewer } from '../seeing.ts';

/**
 * What is known of a message: that it was read, is about to be, or why not. `absent`: nothing, and the bot is in no
 * voice channel of that server.
 */
export type Fate = Reason | 'read' | 'waiting' | 'unknown' | 'absent';

/** Somebody who asks why a message was not read, and the channel where they ask. */
export interface WhyAsker extends Viewer {
  readonly channel: GuildBasedChannel | null;
}

/** A message that somebody asks about: its id, and where it stands if they gave a link. */
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
  /** In which what people write and ask for becomes lines: whoever asks is answered behind all that was written before. */
  readonly order: GuildTurns;
}

/** Tells why a message was not read, to those who can read it. */
export class Why {
  readonly #options: WhyOptions;

  constructor(options: WhyOptions) {
    this.#options = options;
  }

  /**
   * Of a message in whose menu somebody asks. What nobody noted is told by how things are now. Nothing is known to
   * people who do not see its channel.
   */
  async ofMenu(message: Message<true>, viewer: Viewer): Promise<Fate> {
    const { reasons, sessions, client, gatekeeper } = this.#options;
    if (!sees(viewer, message.channel)) return 'unknown';
    await this.#settled(message.guildId);
    const noted = reasons.find(message.guildId, message.id);
    if (noted) return noted.outcome;
    if (message.author.id === client.user?.id) return 'bot';
    const record = await gatekeeper.record(message.guildId);
    return gatekeeper.reason(message, record, sessions.get(message.guildId)) ?? 'unknown';
  }

  /**
   * Of a message that somebody names. Nothing is known of messages of other servers, nor to people who cannot read it
   * in its channel: then the answer is the one for a message that never was.
   */
  async ofNamed({ id, guildId, channelId }: AskedMessage, viewer: Viewer): Promise<Fate> {
    const { guild } = viewer.member;
    if (guildId !== undefined && guildId !== guild.id) return 'unknown';
    await this.#settled(guild.id);
    const noted = this.#options.reasons.find(guild.id, id);
    const channel = noted && guild.channels.cache.get(noted.channelId);
    const isThere = channelId === undefined || channelId === noted?.channelId;
    if (noted && channel && isThere && readsHistory(viewer, channel)) return noted.outcome;
    return this.#options.sessions.get(guild.id) ? 'unknown' : 'absent';
  }

  /** Of somebody's last message; where there is none, of one that they would write now. */
  async ofLast({ member, channel }: WhyAsker): Promise<Fate> {
    const { reasons, sessions, gatekeeper } = this.#options;
    const { guild } = member;
    await this.#settled(guild.id);
    const last = reasons.lastOf(guild.id, member.id);
    if (last) return last.outcome;
    if (!channel) return 'unknown';
    const record = await gatekeeper.record(guild.id);
    return gatekeeper.reasonNow(member, channel, record, sessions.get(guild.id)) ?? 'unknown';
  }

  /** Resolves when all that was written before is noted. */
  async #settled(guildId: string): Promise<void> {
    await this.#options.order.take(guildId, async () => {});
  }
}
