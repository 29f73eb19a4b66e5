import type { Guild, GuildBasedChannel, GuildMember, GuildTextBasedChannel, Message } from 'discord.js';
import type { Refusal } from '../../speech/reasons.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import { holdsBlockedWord } from '../../text/blocked-words.ts';
import { textsOf } from '../../text/written.ts';
import { settingsAt } from '../channel-settings.ts';
import { hasMore, isAnswer, isOrdinary, isSilent, writtenOf } from '../lines/message-parts.ts';
import { isHiddenFromSome } from '../seeing.ts';
import { type Author, authorOfNow, memberNow } from './author.ts';
import { type ChannelReading, gate, isPrivate } from './gate.ts';
import type { Incoming } from './incoming.ts';
import type { JoinReading } from './join-reading.ts';
import { readingOf } from './read-channels.ts';

// Decides whether a chat message is read aloud: gathers what that depends on from Discord and the guild's settings,
// and gives it to `gate.ts`, which holds the rules. `reader.ts` asks for each message, and `why.ts` for `/why`.

/** The facts about an ordinary message of a few words, for the question whether such a message would be read now. */
const WRITTEN_NOW = {
  ordinary: true,
  silent: false,
  content: 'a',
  hasMore: false,
  holdsBlockedWord: () => false,
} as const;

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

  /** The channels and threads of which anything is read while the bot is at `place`. */
  readChannels(guild: Guild, record: GuildRecord, place: BotPlace): readonly GuildTextBasedChannel[] {
    return [...guild.channels.cache.values()]
      .filter(channel => channel.isTextBased())
      .filter(({ id }) => this.reads(guild, id, record, place));
  }

  /** Whether anything of a channel or thread is read while the bot is at `place`. */
  reads(guild: Guild, channelId: string, record: GuildRecord, place: BotPlace): boolean {
    const why = reading(guild, channelId, record, place);
    return why === 'join' || why === 'admin';
  }

  /** Whether what was written in a channel is not to be heard at `place` (see `isPrivate` in `gate.ts`). */
  isPrivate(guild: Guild, channelId: string, record: GuildRecord, place: BotPlace): boolean {
    return isPrivate({
      channel: reading(guild, channelId, record, place),
      hiddenFromSome: () => this.isHidden(guild, channelId, place),
    });
  }

  /** Whether somebody at `place` may not see a channel. */
  isHidden(guild: Guild, channelId: string, place: BotPlace): boolean {
    const channel = guild.channels.cache.get(channelId);
    return channel !== undefined && isHiddenFromSome(guild, channel, place.channelId);
  }

  /**
   * Returns why a message is not read, or null when it is read. `place` is where the bot is or would be; undefined
   * when it is in no voice channel. `incoming` says whose words they are, and which, by default as the message does.
   */
  refusal(
    message: Message<true>,
    record: GuildRecord,
    place: BotPlace | undefined,
    incoming: Pick<Incoming, 'author' | 'written'> = {
      author: authorOfNow(message),
      written: writtenOf(message),
    },
  ): Refusal | null {
    const { guild, channel } = message;
    const unknown = unknownRefusal(record, place);
    if (unknown) return unknown;
    const { author, written } = incoming;
    const { byBot } = author;
    return gate({
      ordinary: isOrdinary(message) || (byBot && isAnswer(message)),
      silent: isSilent(message),
      content: message.content,
      hasMore: hasMore(written),
      holdsBlockedWord: () => holdsBlockedWord(textsOf(written).join('\n'), record.settings.blockedWords),
      contentVisible: this.#options.contentVisible(),
      ...surroundings({ guild, channel, author }, record, place),
    });
  }

  /**
   * Returns why an ordinary message would not be read if a member wrote it in a channel now; null when it would be
   * read.
   */
  refusalNow(
    member: GuildMember,
    channel: GuildBasedChannel,
    record: GuildRecord,
    place: BotPlace | undefined,
  ): Refusal | null {
    const unknown = unknownRefusal(record, place);
    if (unknown) return unknown;
    const contentVisible = this.#options.contentVisible();
    const refusal = gate({
      ...WRITTEN_NOW,
      contentVisible,
      ...surroundings({ guild: member.guild, channel, author: memberNow(member) }, record, place),
    });
    return refusal ?? (contentVisible ? null : { reason: 'no-content' });
  }
}

/**
 * Returns a refusal while the database cannot be asked, or null when all is known. Without the database the author may
 * have opted out, and the settings are only defaults, so nothing is read and no rule is applied.
 */
function unknownRefusal({ known }: GuildRecord, place: BotPlace | undefined): Refusal | null {
  if (known) return null;
  return { reason: place ? 'no-database' : 'not-here' };
}

/** Gathers the facts that depend on the channel, the author and the bot's place, but not on the message itself. */
function surroundings(
  { guild, channel, author }: { guild: Guild; channel: GuildBasedChannel; author: Author },
  record: GuildRecord,
  place: BotPlace | undefined,
) {
  const { id, byBot, voiceChannelId, muted, roleIds } = author;
  return {
    byBot,
    here: place !== undefined,
    channel: reading(guild, channel.id, record, place),
    hiddenFromSome: () => place !== undefined && isHiddenFromSome(guild, channel, place.channelId),
    inVoice: voiceChannelId === place?.channelId,
    muted,
    roleIds,
    optedOut: record.optOuts.has(id),
    optedIn: record.optIns.has(id),
    ignored: record.ignored.has(id),
    settings: settingsAt(guild, record.settings, channel.id),
  };
}

function reading(
  guild: Guild,
  channelId: string,
  { settings }: GuildRecord,
  place: BotPlace | undefined,
): ChannelReading {
  const listed = readingOf(settings, guild, channelId, place?.channelId);
  // With `autoJoin` the bot comes without a `/join`, and then reads the chat of the voice channel to which it came.
  return listed ?? (settings.autoJoin && channelId === place?.channelId ? 'join' : null);
}
