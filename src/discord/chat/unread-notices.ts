import type { Message } from 'discord.js';
import type { GuildRecord } from '../../store/store.ts';
import { isOrdinary } from '../lines/message-parts.ts';
import type { Notices } from '../presence/notices.ts';

/**
 * Tells a server's people once that nothing is read to them, while the database has not been asked since the start: in
 * answer to the first message of somebody who is in the bot's voice channel. Which channels are read is not known then.
 */
export class UnreadNotices {
  readonly #notices: Pick<Notices, 'inChannel'>;
  /** Where it was told, as long as nothing is known. */
  readonly #told = new Set<string>();

  constructor(notices: Pick<Notices, 'inChannel'>) {
    this.#notices = notices;
  }

  /** A message was written; `record`: what is known of its server. Never throws. */
  written(message: Message<true>, { known }: Pick<GuildRecord, 'known'>): void {
    const { guild, guildId, channelId, author, client } = message;
    if (known) {
      this.#told.delete(guildId);
      return;
    }
    const voiceOf = (userId: string | undefined) => guild.voiceStates.cache.get(userId ?? '')?.channelId;
    const withBot = voiceOf(author.id) != null && voiceOf(author.id) === voiceOf(client.user.id);
    if (!withBot || author.bot || message.webhookId !== null || !isOrdinary(message)) return;
    if (this.#told.has(guildId)) return;
    this.#told.add(guildId);
    void this.#notices.inChannel(guild, [channelId], { key: 'unread.no-database', params: {} });
  }
}
