import type { GuildMember, VoiceBasedChannel, VoiceState } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { type GuildSettings, MAX_CHANNELS } from '../../settings/guild.ts';
import type { Store } from '../../store/store.ts';
import { later, walled } from '../../walls.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { knownGuild } from '../known-guild.ts';
import type { Calls } from './calls.ts';
import type { OwnArrivals } from './own-arrivals.ts';

// Carries out `/follow`: when people who have asked for it enter a voice channel, the bot comes after a moment. Here
// one changes how long it waits, and what it reads then; `own-arrivals.ts` brings it there and tells people.

/**
 * The bot follows somebody who has been in a voice channel for this long. Many guilds have channels in which people are
 * only for a moment, before another bot moves them on.
 */
const SETTLE_MS = 1_000;
/**
 * If the bot has followed somebody in the guild less than `RECENT_MS` ago, it waits longer, so that it does not flap.
 */
const RECENT_MS = 15_000;
const SETTLE_AGAIN_MS = 5_000;

export interface FollowsOptions {
  readonly calls: Pick<Calls, 'session'>;
  readonly arrivals: Pick<OwnArrivals, 'come'>;
  readonly store: Pick<Store, 'guild' | 'problem' | 'rememberSettings' | 'savePerson'>;
  /** In each guild, changes of settings are saved one after another: each waits for its turn here. */
  readonly settingTurns: GuildTurns;
  readonly log: Logger;
}

export class Follows {
  readonly #options: FollowsOptions;
  /** When the bot last followed somebody, by guild id; the time is `performance.now()`. */
  readonly #followedAt = new Map<string, number>();

  constructor(options: FollowsOptions) {
    this.#options = options;
  }

  /**
   * Has the bot follow the caller in this guild, or no longer. Rejects with a UserError when the guild does not allow
   * it, or when it cannot be saved.
   */
  async set({ guildId, user }: AnyInteraction, on: boolean): Promise<void> {
    const { store } = this.#options;
    const { settings } = await knownGuild(store, guildId);
    if (on && !settings.follow) throw new UserError('follow.off');
    await store.savePerson(guildId, user.id, { follow: on });
  }

  /** Call this when somebody has entered a voice channel, also from another one. Never throws. */
  entered({ member, channel }: VoiceState): void {
    if (!member || member.user.bot || !channel || channel.id === channel.guild.afkChannelId) return;
    const { log } = this.#options;
    const since = performance.now();
    const { id: guildId } = channel.guild;
    const recent = since - (this.#followedAt.get(guildId) ?? Number.NEGATIVE_INFINITY) < RECENT_MS;
    if (!recent) this.#followedAt.delete(guildId);
    void walled(log, 'following', async () => {
      if (!(await this.#follows(guildId, member.id))) return;
      later(log, 'following', recent ? SETTLE_AGAIN_MS : SETTLE_MS, () => {
        void walled(log, 'following', () => this.#come(member, channel, since));
      }).unref();
    });
  }

  async #follows(guildId: string, userId: string): Promise<boolean> {
    const { known, settings, people } = await this.#options.store.guild(guildId);
    return known && settings.follow && (people.get(userId)?.follow ?? false);
  }

  /**
   * Comes to a channel because a person is there, if they still are. It stays where it is if people are with it, or if
   * somebody has sent it away since the person entered.
   */
  async #come(member: GuildMember, channel: VoiceBasedChannel, since: number): Promise<void> {
    const { calls, arrivals } = this.#options;
    const { guild } = channel;
    const before = calls.session(guild.id)?.channelId;
    if (member.voice.channelId !== channel.id || !(await this.#follows(guild.id, member.id))) return;
    const session = arrivals.come(channel, { member, channelId: channel.id, since });
    if (!session || before === channel.id) return;
    this.#followedAt.set(guild.id, performance.now());
    await this.#readChatOf(channel);
  }

  /** Has the chat of the voice channel read, as `/join` does, besides what is read anyway. */
  #readChatOf({ guild, id }: VoiceBasedChannel): Promise<void> {
    const { settingTurns, store } = this.#options;
    return settingTurns.take(guild.id, async () => {
      const { known, settings } = await store.guild(guild.id);
      const channels =
        known && channelsWith(settings, id, one => guild.channels.cache.get(one)?.isVoiceBased());
      if (channels) store.rememberSettings(guild.id, { channels });
    });
  }
}

/**
 * Returns the setting `channels` with the chat of a voice channel, or null if it is read already: where `/join` had the
 * bot read such a chat, it reads that of any voice channel that it is in.
 */
function channelsWith(
  { channels }: GuildSettings,
  id: string,
  isVoice: (id: string) => boolean | undefined,
): GuildSettings['channels'] | null {
  const isRead = channels.some(
    channel => channel.id === id || (channel.addedBy === 'join' && isVoice(channel.id)),
  );
  return isRead || channels.length >= MAX_CHANNELS ? null : [...channels, { id, addedBy: 'join' }];
}
