import { type Guild, type GuildBasedChannel, MessageFlags, PermissionFlagsBits } from 'discord.js';
import type { UserError } from '../../errors.ts';
import { translator } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';

/** A text of the catalogue by its key, with the values for its placeholders. */
export type Wording = Pick<UserError, 'key' | 'params'>;

/** One line of a notice. */
export interface NoticeLine extends Wording {
  /** The people whom it concerns, as mentions or names, which are written before the text. */
  readonly to: readonly string[];
}

export interface NoticesOptions {
  readonly sessions: Pick<SessionRegistry, 'get'>;
  readonly log: Logger;
}

/** A channel in which messages can be sent. */
type SendableChannel = Extract<GuildBasedChannel, { send: unknown }>;

/**
 * Tells people things that are not an answer to a command. All such messages go through here. When one cannot be made
 * or delivered, this is logged, and nothing else is lost: no method throws or rejects.
 */
export class Notices {
  readonly #options: NoticesOptions;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /**
   * Tells people something in the guild's language, without pinging anybody. It goes to the first of the given
   * channels in which the bot may write, or else to the chat of the voice channel in which the bot is. Resolves with
   * whether it was sent.
   */
  inChannel(guild: Guild, channelIds: readonly string[], { key, params }: Wording): Promise<boolean> {
    return this.linesInChannel(guild, channelIds, [{ key, params, to: [] }]);
  }

  /**
   * Tells people several things in one message, each on a line of its own, in the guild's language and without pinging
   * anybody. The channel is chosen as for `inChannel`. Resolves with whether the message was sent.
   */
  async linesInChannel(
    guild: Guild,
    channelIds: readonly string[],
    lines: readonly NoticeLine[],
  ): Promise<boolean> {
    const key = lines.map(line => line.key).join(' ');
    try {
      const t = translator(guild.preferredLocale);
      const content = lines.map(line => [...line.to, t(line.key, line.params)].join(' ')).join('\n');
      for (const channel of this.#channels(guild, channelIds)) {
        if (await this.#send(channel, content)) return true;
      }
      this.#options.log.warn({ guildId: guild.id, notice: key }, 'there is no channel to tell people this');
    } catch (error) {
      this.#options.log.error({ guildId: guild.id, notice: key, err: error }, 'a notice could not be made');
    }
    return false;
  }

  /**
   * Tells something to the caller of a command alone, in their language. It waits for `answered`, which resolves when
   * the first answer has gone out; undefined when there is nothing to wait for.
   */
  async toCaller(
    interaction: AnyInteraction,
    { key, params }: Wording,
    answered: Promise<void> | undefined,
  ): Promise<void> {
    try {
      await answered;
      const content = translator(interaction.locale)(key, params);
      await interaction.followUp({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
    } catch (error) {
      this.#options.log.warn(
        { guildId: interaction.guildId, notice: key, err: error },
        'notice not delivered',
      );
    }
  }

  #channels(guild: Guild, channelIds: readonly string[]): readonly SendableChannel[] {
    const voiceChannelId = this.#options.sessions.get(guild.id)?.channelId;
    const ids = new Set(voiceChannelId === undefined ? channelIds : [...channelIds, voiceChannelId]);
    return [...ids].map(id => guild.channels.cache.get(id)).filter(channel => mayWriteIn(channel));
  }

  async #send(channel: SendableChannel, content: string): Promise<boolean> {
    try {
      await channel.send({ content, allowedMentions: { parse: [] } });
      return true;
    } catch (error) {
      this.#options.log.warn(
        { guildId: channel.guildId, channelId: channel.id, err: error },
        'notice not delivered',
      );
      return false;
    }
  }
}

function mayWriteIn(channel: GuildBasedChannel | undefined): channel is SendableChannel {
  if (!channel?.isSendable()) return false;
  const { me } = channel.guild.members;
  const writing = channel.isThread()
    ? PermissionFlagsBits.SendMessagesInThreads
    : PermissionFlagsBits.SendMessages;
  return me !== null && channel.permissionsFor(me).has([PermissionFlagsBits.ViewChannel, writing]);
}
