import type { Client, Message, MessageContextMenuCommandInteraction } from 'discord.js';
import { UserError } from '../../errors.ts';
import { guildDefaults } from '../../settings/guild.ts';
import type { Line } from '../../speech/line.ts';
import { Unsaid } from '../../speech/reasons.ts';
import { soundFile } from '../../speech/sound-file.ts';
import type { Store } from '../../store/store.ts';
import { holdsBlockedWord } from '../../text/blocked-words.ts';
import { NO_WORDS } from '../../text/dictionary.ts';
import { speakable } from '../../text/speakable.ts';
import { textsOf, type Written } from '../../text/written.ts';
import { checkAuthor } from '../known-guild.ts';
import type { MakeClip } from './clips.ts';
import { LineLanguages } from './line-languages.ts';
import { mannerOf, type ProcessManner } from './manner.ts';
import { writtenOf } from './message-parts.ts';
import { mayHoldUnread } from './writers.ts';

// Makes lines, for sound files, for visitors: people who installed the bot for themselves and use it where it is not a
// member, so that no settings of the place are known. `gateway/visits.ts` takes their requests.

/**
 * Stands in place of a guild's id for all visits. Together they are treated as one guild: they share one guild's
 * turns at Fish Audio and one guild's bytes a day.
 */
const NO_SERVER = '0';

/** Stands in place of every writer, because nothing is remembered of the languages of people in such places. */
const NOBODY = { guildId: NO_SERVER, channelId: '', speakerId: '' };

export interface VisitorLinesOptions {
  readonly client: Client;
  readonly clip: MakeClip;
  readonly store: Pick<Store, 'guild'>;
  readonly manner: ProcessManner;
}

/** The parts of a line that are needed to make a file of it. */
type FileLine = Pick<Line, 'userId' | 'text' | 'manner' | 'caps'>;

/**
 * Knows only what comes with a visitor's interaction, and goes by the default settings; but whom and what a guild wants
 * unsaid stays unsaid, where the bot has been a member.
 */
export class VisitorLines {
  readonly #options: VisitorLinesOptions;
  readonly #languages = new LineLanguages();

  constructor(options: VisitorLinesOptions) {
    this.#options = options;
  }

  /**
   * Makes a line of a message; its bytes count towards the caller's limits. `cut` tells whether its end was left out
   * because it was too long. Rejects with a UserError when somebody whose words it holds has opted out or is ignored, or
   * when that cannot be known; also when it holds a blocked word, or when nothing of it can be said.
   */
  async lineOfMessage(
    interaction: MessageContextMenuCommandInteraction,
    message: Message,
  ): Promise<{ line: FileLine; cut: boolean }> {
    const { author } = message;
    const written = writtenOf(message);
    const blockedWords = await this.#checkRules(interaction, message, written);
    const language = this.#languages.of(written, NOBODY, interaction.locale);
    const { text, cut, blocked } = speakable(written, {
      language: language.words,
      names: {
        user: id => (message.mentions.users.get(id) ?? this.#options.client.users.cache.get(id))?.displayName,
        role: () => undefined,
        channel: () => undefined,
      },
      emoji: guildDefaults.emoji,
      links: 'site',
      tags: guildDefaults.tags,
      dictionary: NO_WORDS,
      blockedWords,
      maxBytes: guildDefaults.messageBytes,
      maxSeconds: guildDefaults.maxSeconds,
      speed: guildDefaults.speed,
      now: Date.now(),
    });
    if (blocked) throw new UserError('blocked-word');
    if (text === '') throw new UserError('nothing-to-say');
    const { manner } = mannerOf({
      userId: author.id,
      byBot: author.bot || message.webhookId !== null,
      given: undefined,
      person: undefined,
      settings: guildDefaults,
      language: language.code,
      channelVoice: null,
      guildVoice: null,
      people: new Map(),
      process: this.#options.manner,
    });
    return { line: { userId: interaction.user.id, text, manner, caps: guildDefaults }, cut };
  }

  /**
   * Checks what a guild has laid down about whose words, and which, are said. The bot may have been a member of it
   * before, or is one while Discord has an outage of the guild. Resolves with the guild's blocked words; rejects with a
   * UserError when the message may not be said.
   */
  async #checkRules(
    { guildId, user }: MessageContextMenuCommandInteraction,
    message: Message,
    written: Written,
  ): Promise<readonly string[]> {
    if (guildId === null) return [];
    const record = await this.#options.store.guild(guildId);
    checkAuthor(record, message.author.id, user.id);
    if (mayHoldUnread(message, guildId, record)) throw new UserError('writer-unknown');
    const { blockedWords } = record.settings;
    if (holdsBlockedWord(textsOf(written).join('\n'), blockedWords)) throw new UserError('blocked-word');
    return blockedWords;
  }

  /** Resolves with a line as an Ogg Opus file. Rejects with a UserError when it cannot be made. */
  async soundFile(line: FileLine): Promise<Buffer> {
    try {
      return soundFile(await this.#options.clip(NO_SERVER, line));
    } catch (error) {
      if (!(error instanceof Unsaid) || error.reason !== 'server-cap') throw error;
      throw new UserError('visits.day-cap', error.params);
    }
  }
}
