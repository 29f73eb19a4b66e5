import { setTimeout as sleep } from 'node:timers/promises';
import { type Guild, type GuildBasedChannel, MessageFlags, PermissionFlagsBits } from 'discord.js';
import type { UserError } from '../errors.ts';
import { type Translate, translator } from '../locale/catalogue.ts';
import type { Logger } from '../log.ts';
import type { SessionRegistry } from '../speech/registry.ts';
import type { MessageRef, TextWithRows } from './interaction/answer.ts';
import type { AnyInteraction } from './interaction/interaction.ts';

// Sends messages that are no answer to a command: to a channel, or to one caller after the answer. `gateway/reply.ts`
// sends the answers themselves.

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
 * All messages that are no answer go through here. When one cannot be made or delivered, this is logged, and nothing
 * else is lost: no method throws or rejects.
 */
export class Notices {
  readonly #options: NoticesOptions;
  /** The messages that are on their way to Discord. */
  readonly #underWay = new Set<Promise<unknown>>();

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
    const sent = await this.post(
      guild,
      channelIds,
      t => ({
        text: lines.map(line => [...line.to, t(line.key, line.params)].join(' ')).join('\n'),
        rows: [],
      }),
      lines.map(line => line.key).join(' '),
    );
    return sent !== null;
  }

  /**
   * Sends the message that `make` returns, in the guild's language and without pinging anybody. The channel is chosen
   * as for `inChannel`. `name` names the message in the log. Resolves with the message, or with null if it was not
   * sent.
   */
  post(
    guild: Guild,
    channelIds: readonly string[],
    make: (t: Translate) => TextWithRows,
    name: string,
  ): Promise<MessageRef | null> {
    return this.#awaited(this.#post(guild, channelIds, make, name));
  }

  async #post(
    guild: Guild,
    channelIds: readonly string[],
    make: (t: Translate) => TextWithRows,
    name: string,
  ): Promise<MessageRef | null> {
    const { log } = this.#options;
    try {
      const message = make(translator(guild.preferredLocale));
      for (const channel of this.#channels(guild, channelIds)) {
        const sent = await this.#send(channel, message);
        if (!sent) continue;
        log.info({ guildId: guild.id, notice: name }, 'people were told');
        message.onShown?.(sent);
        return sent;
      }
      log.warn({ guildId: guild.id, notice: name }, 'there is no channel to tell people this');
    } catch (error) {
      log.error({ guildId: guild.id, notice: name, err: error }, 'a notice could not be made');
    }
    return null;
  }

  /**
   * Changes a message of the bot's own. Resolves with false if Discord does not allow it, for example because the
   * message was deleted or the bot does not see its channel.
   */
  async edit(guild: Guild, { id, channelId }: MessageRef, message: TextWithRows): Promise<boolean> {
    const channel = guild.channels.cache.get(channelId);
    if (!channel?.isTextBased()) return false;
    try {
      await channel.messages.edit(id, {
        content: message.text,
        components: message.rows,
        allowedMentions: { parse: [] },
      });
      return true;
    } catch (error) {
      this.#options.log.debug({ guildId: guild.id, channelId, err: error }, 'a message was not changed');
      return false;
    }
  }

  /**
   * Tells something to the caller of a command alone, in their language. It waits for `answered`, which resolves when
   * the first answer has gone out; undefined when there is nothing to wait for.
   */
  toCaller(interaction: AnyInteraction, what: Wording, answered: Promise<void> | undefined): Promise<void> {
    return this.#awaited(this.#toCaller(interaction, what, answered));
  }

  /** Resolves when all that people are being told has been sent, or after `limitMs`. */
  async sent(limitMs: number): Promise<void> {
    await Promise.race([Promise.all(this.#underWay), sleep(limitMs, undefined, { ref: false })]);
  }

  /** Has `sent` wait until a message has been sent. */
  #awaited<T>(sending: Promise<T>): Promise<T> {
    this.#underWay.add(sending);
    return sending.finally(() => this.#underWay.delete(sending));
  }

  async #toCaller(
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

  async #send(channel: SendableChannel, { text, rows }: TextWithRows): Promise<MessageRef | null> {
    try {
      const { id, channelId } = await channel.send({
        content: text,
        allowedMentions: { parse: [] },
        ...(rows.length > 0 && { components: rows }),
      });
      return { id, channelId };
    } catch (error) {
      this.#options.log.warn(
        { guildId: channel.guildId, channelId: channel.id, err: error },
        'notice not delivered',
      );
      return null;
    }
  }
}

/** Whether the bot may write in a channel. */
export function mayWriteIn(channel: GuildBasedChannel | undefined): channel is SendableChannel {
  if (!channel?.isSendable()) return false;
  const { me } = channel.guild.members;
  const writing = channel.isThread()
    ? PermissionFlagsBits.SendMessagesInThreads
    : PermissionFlagsBits.SendMessages;
  return me !== null && channel.permissionsFor(me).has([PermissionFlagsBits.ViewChannel, writing]);
}
