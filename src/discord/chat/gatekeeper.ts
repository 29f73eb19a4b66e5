import type { Guild, GuildBasedChannel, GuildMember, Message } from 'discord.js';
import { settingsIn } from '../../settings.ts';
import type { Reason } from '../../speech/reasons.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import { gate } from './gate.ts';
import type { JoinReading } from '../presence/join-reading.ts';
import { hasMore, isOrdinary, isSilent, writtenOf } from '../lines/message-parts.ts';
import { isHiddenFromSome, readingOf } from './read-channels.ts';

/** A message of plain words, as anybody would write it. */
const WRITTEN_NOW = { ordinary: true, byBot: false, silent: false, content: 'a', hasMore: false } as const;

export interface GatekeeperOptions {
  readonly store: Pick<Store, 'guild'>;
  readonly joins: JoinReading;
  /** Discord lets the bot see what people write. */
  readonly contentVisible: () => boolean;
}

/** Where the bot is in a server: its voice channel. */
interface Place {
  readonly channelId: string;
}

/** Decides what is read, by what Discord and the server's settings say: asks the gate on behalf of a message. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** The server's record, with what a `/join` under way will have changed of it. */
  async record(guildId: string): Promise<GuildRecord> {
    const record = await this.#options.store.guild(guildId);
    return { ...record, settings: this.#options.joins.over(guildId, record.settings) };
  }

  /** Why a message is not read, or null. `place`: where the bot is, or would be. */
  reason(message: Message<true>, record: GuildRecord, place: Place | undefined): Reason | null {
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

  /** Why a message that a member wrote in a channel now would not be read; null if it would be read. */
  reasonNow(
    member: GuildMember,
    channel: GuildBasedChannel,
    record: GuildRecord,
    place: Place | undefined,
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

/** Nobody is read who may have opted out, and nothing is told by settings that are not the server's; null: all is known. */
function unknownReason({ known }: GuildRecord, place: Place | undefined): Reason | null {
  if (known) return null;
  return place ? 'no-database' : 'not-here';
}

function surroundings(
  { guild, channel, authorId }: { guild: Guild; channel: GuildBasedChannel; authorId: string },
  record: GuildRecord,
  place: Place | undefined,
) {
  return {
    here: place !== undefined,
    channel: reading(guild, channel.id, record, place),
    hiddenFromSome: () => place !== undefined && isHiddenFromSome(guild, channel, place.channelId),
    inVoice: guild.voiceStates.cache.get(authorId)?.channelId === place?.channelId,
  };
}

function reading(guild: Guild, channelId: string, { settings }: GuildRecord, place: Place | undefined) {
  const listed = readingOf(settings, guild, channelId, place?.channelId);
  // Where it comes by itself, it reads the chat of the voice channel that it came to.
  return listed ?? (settings.autoJoin && channelId === place?.channelId ? 'join' : null);
}
