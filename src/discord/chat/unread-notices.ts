import type { Message } from 'discord.js';
import type { GuildRecord } from '../../store/store.ts';
import { isOrdinary } from '../lines/message-parts.ts';
import type { Notices } from '../notices.ts';

/**
 * Tells the people of a guild once that nothing is read while the bot has not yet reached its database. It does so
 * when somebody in the bot's voice channel writes a message, whatever the channel, because the settings that say
 * which channels are read are not known then.
 */
export class UnreadNotices {
  readonly #notices: Pick<Notices, 'inChannel'>;
  /** The ids of the guilds that have been told. A guild is removed as soon as its settings are known. */
  readonly #told = new Set<string>();

  constructor(notices: Pick<Notices, 'inChannel'>) {
    this.#notices = notices;
  }

  /** Call this for each message that was written, with the record of its guild. Never throws. */
  onMessage(message: Message<true>, { known }: Pick<GuildRecord, 'known'>): void {
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
