import type { Guild, GuildBasedChannel, GuildMember, Message } from 'discord.js';
import { settingsIn } from '../../settings.ts';
import type { Reason } from '../../speech/reasons.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import { gate } from './gate.ts';
import type { JoinReading } from '../presence/join-reading.ts';
import { hasMore, isOrdinary, isSilent, writtenOf } from '../lines/message-parts.ts';
import { isHiddenFromSome, readingOf } from './read-channels.ts';

/** The facts about an ordinary message of a few words, for the question whether such a message would be read now. */
const WRITTEN_NOW = { ordinary: true, byBot: false, silent: false, content: 'a', hasMore: false } as const;

export interface GatekeeperOptions {
  readonly store: Pick<Store, 'guild'>;
  readonly joins: JoinReading;
  /** Tells whether Discord lets the bot see what people write. */
  readonly contentVisible: () => boolean;
}

/** The voice channel in which the bot is, or would be. A session has this shape too. */
interface BotPlace {
  readonly channelId: string;
}

/**
 * Decides whether a message is read. It gathers the facts about the message from Discord and from the guild's
 * settings, and gives them to `gate`, which holds the rules.
 */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** Resolves with the guild's record, already with the settings that a `/join` under way will save. */
  async record(guildId: string): Promise<GuildRecord> {
    const record = await this.#options.store.guild(guildId);
    return { ...record, settings: this.#options.joins.settingsAfterJoin(guildId, record.settings) };
  }

  /**
   * Returns why a message is not read, or null when it is read. `place` is where the bot is or would be; undefined
   * when it is in no voice channel.
   */
  reason(message: Message<true>, record: GuildRecord, place: BotPlace | undefined): Reason | null {
    const { guild, channel, author, member } = message;
    const unknown = unknownReason(record, place);
    if (unknown) return unknown;
    return gate({
      ordinary: isOrdinary(message),
      byBot: author.bot || message.webhookId !== null,
      silent: isSilent(message),
      content: message.content,
      hasMore: hasMore(writtenOf(message)),
      contentVisible: this.#options.contentVisible(),
      ...surroundings({ guild, channel, authorId: author.id }, record, place),
      optedOut: record.optOuts.has(author.id),
      roleIds: member?.roles.cache ?? new Set<string>(),
      settings: settingsIn(record.settings, message.channelId),
    });
  }

  /**
   * Returns why an ordinary message would not be read if a member wrote it in a channel now; null when it would be
   * read.
   */
  reasonNow(
    member: GuildMember,
    channel: GuildBasedChannel,
    record: GuildRecord,
    place: BotPlace | undefined,
  ): Reason | null {
    const { guild, id } = member;
    const unknown = unknownReason(record, place);
    if (unknown) return unknown;
    const contentVisible = this.#options.contentVisible();
    const reason = gate({
      ...WRITTEN_NOW,
      contentVisible,
      ...surroundings({ guild, channel, authorId: id }, record, place),
      optedOut: record.optOuts.has(id),
      roleIds: member.roles.cache,
      settings: settingsIn(record.settings, channel.id),
    });
    return reason ?? (contentVisible ? null : 'no-content');
  }
}

/**
 * Returns a reason while the database cannot be asked, or null when all is known. Without the database the author may
 * have opted out, and the settings are only defaults, so nothing is read and no rule is applied.
 */
function unknownReason({ known }: GuildRecord, place: BotPlace | undefined): Reason | null {
  if (known) return null;
  return place ? 'no-database' : 'not-here';
}

/** Gathers the facts that depend on the channel, the author and the bot's place, but not on the message itself. */
function surroundings(
  { guild, channel, authorId }: { guild: Guild; channel: GuildBasedChannel; authorId: string },
  record: GuildRecord,
  place: BotPlace | undefined,
) {
  return {
    here: place !== undefined,
    channel: reading(guild, channel.id, record, place),
    hiddenFromSome: () => place !== undefined && isHiddenFromSome(guild, channel, place.channelId),
    inVoice: guild.voiceStates.cache.get(authorId)?.channelId === place?.channelId,
  };
}

function reading(guild: Guild, channelId: string, { settings }: GuildRecord, place: BotPlace | undefined) {
  const listed = readingOf(settings, guild, channelId, place?.channelId);
  // With `autoJoin` the bot comes without a `/join`, and then reads the chat of the voice channel to which it came.
  return listed ?? (settings.autoJoin && channelId === place?.channelId ? 'join' : null);
}
