import { type Guild, type GuildBasedChannel, MessageFlags, PermissionFlagsBits } from 'discord.js';
import type { UserError } from '../../errors.ts';
import { translator } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';

/** A text of the catalogue, with what stands in its placeholders. */
export type Wording = Pick<UserError, 'key' | 'params'>;

/** One line of a notice, with those before it whom it concerns: mentions or names. */
export interface NoticeLine extends Wording {
  readonly to: readonly string[];
}

export interface NoticesOptions {
  readonly sessions: Pick<SessionRegistry, 'get'>;
  readonly log: Logger;
}

type Place = Extract<GuildBasedChannel, { send: unknown }>;

/**
 * The one place where people are told something that is no answer to a command. A notice that cannot be made or
 * delivered costs that notice and nothing else: nothing here throws or rejects.
 */
export class Notices {
  readonly #options: NoticesOptions;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /**
   * Tells people in the first of the channels in which the bot may write, the last resort being the chat of the voice
   * channel that it is in; in the server's language, without a ping. Resolves with whether it stands somewhere.
   */
  inChannel(guild: Guild, channelIds: readonly string[], { key, params }: Wording): Promise<boolean> {
    return this.linesInChannel(guild, channelIds, [{ key, params, to: [] }]);
  }

  /** The same of several things at once, each on a line of its own. */
  async linesInChannel(
    guild: Guild,
    channelIds: readonly string[],
    lines: readonly NoticeLine[],
  ): Promise<boolean> {
    const key = lines.map(line => line.key).join(' ');
    try {
      const t = translator(guild.preferredLocale);
      const content = lines.map(line => [...line.to, t(line.key, line.params)].join(' ')).join('\n');
      for (const place of this.#places(guild, channelIds)) {
        if (await this.#send(place, content)) return true;
      }
      this.#options.log.warn({ guildId: guild.id, notice: key }, 'there is no channel to tell people this');
    } catch (error) {
      this.#options.log.error({ guildId: guild.id, notice: key, err: error }, 'a notice could not be made');
    }
    return false;
  }

  /** Tells the caller of a command alone, in their language, once `answered` has resolved. */
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

  #places(guild: Guild, channelIds: readonly string[]): readonly Place[] {
    const voiceChannelId = this.#options.sessions.get(guild.id)?.channelId;
    const ids = new Set(voiceChannelId === undefined ? channelIds : [...channelIds, voiceChannelId]);
    return [...ids].map(id => guild.channels.cache.get(id)).filter(channel => mayWriteIn(channel));
  }

  async #send(place: Place, content: string): Promise<boolean> {
    try {
      await place.send({ content, allowedMentions: { parse: [] } });
      return true;
    } catch (error) {
      this.#options.log.warn(
        { guildId: place.guildId, channelId: place.id, err: error },
        'notice not delivered',
      );
      return false;
    }
  }
}

function mayWriteIn(channel: GuildBasedChannel | undefined): channel is Place {
  if (!channel?.isSendable()) return false;
  const { me } = channel.guild.members;
  const writing = channel.isThread()
    ? PermissionFlagsBits.SendMessagesInThreads
    : PermissionFlagsBits.SendMessages;
  return me !== null && channel.permissionsFor(me).has([PermissionFlagsBits.ViewChannel, writing]);
}
