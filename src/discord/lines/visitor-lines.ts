import type { Client, Message, MessageContextMenuCommandInteraction } from 'discord.js';
import { UserError } from '../../errors.ts';
import { guildDefaults } from '../../settings.ts';
import type { Line } from '../../speech/line.ts';
import { Unsaid } from '../../speech/reasons.ts';
import { soundFile } from '../../speech/sound-file.ts';
import type { Store } from '../../store/store.ts';
import { NO_WORDS } from '../../text/dictionary.ts';
import { languageOf } from '../../text/language.ts';
import { speakable } from '../../text/speakable.ts';
import { checkAuthor } from '../known-guild.ts';
import { mannerOf, type ProcessManner } from './manner.ts';
import { writtenOf } from './message-parts.ts';
import type { Calls } from '../presence/calls.ts';

/** In place of a server's id: all visits together have one turn at Fish Audio, and one server's bytes a day. */
const NO_SERVER = '0';

export interface VisitorLinesOptions {
  readonly client: Client;
  readonly calls: Pick<Calls, 'clip'>;
  readonly store: Pick<Store, 'guild'>;
  readonly manner: ProcessManner;
}

type Clip = Pick<Line, 'userId' | 'text' | 'manner' | 'caps'>;

/** Makes the lines of visitors, by what comes with their use and the default settings alone. */
export class VisitorLines {
  readonly #options: VisitorLinesOptions;

  constructor(options: VisitorLinesOptions) {
    this.#options = options;
  }

  /** What somebody wrote, at the caller's expense; `cut`: its end had to be left out. Throws a UserError if it is empty. */
  async lineOfMessage(
    interaction: MessageContextMenuCommandInteraction,
    message: Message,
  ): Promise<{ line: Clip; cut: boolean }> {
    const { author } = message;
    // The bot may have been in that server, or be there and Discord has an outage of it.
    if (interaction.guildId !== null)
      checkAuthor(await this.#options.store.guild(interaction.guildId), author.id, interaction.user.id);
    const { text, cut } = speakable(writtenOf(message), {
      language: languageOf(interaction.locale),
      names: {
        user: id => (message.mentions.users.get(id) ?? this.#options.client.users.cache.get(id))?.displayName,
        role: () => undefined,
        channel: () => undefined,
      },
      emoji: guildDefaults.emoji,
      tags: guildDefaults.tags,
      dictionary: NO_WORDS,
      maxBytes: guildDefaults.messageBytes,
      maxSeconds: guildDefaults.maxSeconds,
      speed: guildDefaults.speed,
      now: Date.now(),
    });
    if (text === '') throw new UserError('nothing-to-say');
    const { manner } = mannerOf({
      userId: author.id,
      byBot: author.bot || message.webhookId !== null,
      given: undefined,
      person: undefined,
      settings: guildDefaults,
      channelVoice: null,
      serverVoice: null,
      people: new Map(),
      process: this.#options.manner,
    });
    return { line: { userId: interaction.user.id, text, manner, caps: guildDefaults }, cut };
  }

  /** A line as a file. Throws a UserError where it cannot be made. */
  async soundFile(line: Clip): Promise<Buffer> {
    try {
      return soundFile(await this.#options.calls.clip(NO_SERVER, line));
    } catch (error) {
      if (!(error instanceof Unsaid) || error.reason !== 'server-cap') throw error;
      throw new UserError('visits.day-cap', error.params);
    }
  }
}
