import {
  ApplicationIntegrationType,
  type Client,
  type Interaction,
  InteractionContextType,
  type Message,
  type MessageContextMenuCommandInteraction,
} from 'discord.js';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { serverDefaults } from '../settings.ts';
import type { Line } from '../speech/line.ts';
import { Unsaid } from '../speech/reasons.ts';
import { soundFile } from '../speech/sound-file.ts';
import type { Store } from '../store/store.ts';
import { NO_WORDS } from '../text/dictionary.ts';
import { languageOf } from '../text/language.ts';
import { speakable } from '../text/speakable.ts';
import type { Command } from './command.ts';
import { dispatch } from './dispatch.ts';
import { checkAuthor } from './known-server.ts';
import { mannerOf, type ProcessManner } from './manner.ts';
import { writtenOf } from './message-parts.ts';
import type { Rooms } from './rooms.ts';

/** In place of a server's id: all visits together have one turn at Fish Audio, and one server's bytes a day. */
const NO_SERVER = '0';

/** A command with a part for visits, in Discord's form for where people may bring the bot along. */
export function forVisits(command: Command): Command {
  if (!('visit' in command)) return command;
  const { GuildInstall, UserInstall } = ApplicationIntegrationType;
  const { Guild, BotDM, PrivateChannel } = InteractionContextType;
  const anywhere = {
    integration_types: [GuildInstall, UserInstall],
    contexts: [Guild, BotDM, PrivateChannel],
  };
  return { ...command, data: { ...command.data, ...anywhere } };
}

export interface VisitsOptions {
  readonly client: Client;
  readonly commands: readonly Command[];
  readonly rooms: Rooms;
  readonly store: Pick<Store, 'server'>;
  readonly manner: ProcessManner;
  readonly log: Logger;
}

type Clip = Pick<Line, 'userId' | 'text' | 'manner' | 'caps'>;

/**
 * Uses by people who installed the bot for themselves, where it is not: in other servers, in conversations. There it
 * knows nothing but what comes with the use, and all settings are the defaults. (Discord, "Application",
 * Installation Context.)
 */
export class Visits {
  readonly #options: VisitsOptions;

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /** Somebody uses something where the bot is not. Never rejects. */
  async answer(use: Interaction): Promise<void> {
    if (!use.isMessageContextMenuCommand()) return;
    const command = this.#options.commands.find(({ data }) => data.name === use.commandName);
    if (!command || !('visit' in command)) return;
    const run: Parameters<typeof dispatch>[0]['run'] = async t =>
      (await command.visit?.(use, this, t)) ?? null;
    await dispatch({ use, name: command.data.name, isPublic: false, run }, null, this.#options.log);
  }

  /** What somebody wrote, at the caller's expense; `cut`: its end had to be left out. Throws a UserError if it is empty. */
  async lineOfMessage(
    use: MessageContextMenuCommandInteraction,
    message: Message,
  ): Promise<{ line: Clip; cut: boolean }> {
    const { author } = message;
    // The bot may have been in that server, or be there and Discord has an outage of it.
    if (use.guildId !== null)
      checkAuthor(await this.#options.store.server(use.guildId), author.id, use.user.id);
    const { text, cut } = speakable(writtenOf(message), {
      language: languageOf(use.locale),
      names: {
        user: id => (message.mentions.users.get(id) ?? this.#options.client.users.cache.get(id))?.displayName,
        role: () => undefined,
        channel: () => undefined,
      },
      emoji: serverDefaults.emoji,
      tags: serverDefaults.tags,
      dictionary: NO_WORDS,
      maxBytes: serverDefaults.messageBytes,
      maxSeconds: serverDefaults.maxSeconds,
      speed: serverDefaults.speed,
      now: Date.now(),
    });
    if (text === '') throw new UserError('nothing-to-say');
    const { manner } = mannerOf({
      userId: author.id,
      byBot: author.bot || message.webhookId !== null,
      given: undefined,
      person: undefined,
      settings: serverDefaults,
      channelVoice: null,
      serverVoice: null,
      people: new Map(),
      process: this.#options.manner,
    });
    return { line: { userId: use.user.id, text, manner, caps: serverDefaults }, cut };
  }

  /** A line as a file. Throws a UserError where it cannot be made. */
  async soundFile(line: Clip): Promise<Buffer> {
    try {
      return soundFile(await this.#options.rooms.clip(NO_SERVER, line));
    } catch (error) {
      if (!(error instanceof Unsaid) || error.reason !== 'server-cap') throw error;
      throw new UserError('visits.day-cap', error.params);
    }
  }
}
