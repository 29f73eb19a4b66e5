import type { VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import type { JoinReading } from '../chat/join-reading.ts';
import { channelsAfterJoin } from '../chat/read-channels.ts';
import type { Reader } from '../chat/reader.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { mayEnter } from '../seeing.ts';
import type { Calls } from './calls.ts';
import type { ChannelStatuses } from './channel-statuses.ts';
import type { Dismissals } from './dismissals.ts';
import { type Arrival, arrivalOf } from './read-report.ts';

// Does what callers (people who use a command) ask of the bot in voice channels: come, read the chat, say a line, be
// silent, and leave. It is checked here what they may do; `calls.ts` does the joining itself.

export interface CallRequestsOptions {
  readonly calls: Pick<Calls, 'enter' | 'session' | 'tellIn'>;
  readonly dismissals: Pick<Dismissals, 'sentAway'>;
  readonly store: Pick<Store, 'guild' | 'rememberSettings' | 'saved'>;
  readonly reader: Pick<Reader, 'readAfter'>;
  /** In each guild, messages and commands become lines one after another: each waits for its turn here. */
  readonly lineTurns: GuildTurns;
  readonly joins: JoinReading;
  /** In each guild, changes of settings are saved one after another: each waits for its turn here. */
  readonly settingTurns: GuildTurns;
  readonly statuses: Pick<ChannelStatuses, 'isShown' | 'takeBack'>;
}

export class CallRequests {
  readonly #options: CallRequestsOptions;

  constructor(options: CallRequestsOptions) {
    this.#options = options;
  }

  /**
   * Begins to bring the bot to `channel`, or with null to the caller's own voice channel, and returns the session at
   * once. The session's promise `joined` settles when the bot is there or cannot come. Throws a UserError when the
   * caller or the bot may not enter the channel, or when people are with the bot in another channel.
   */
  enter(interaction: AnyInteraction, channel: VoiceBasedChannel | null): Session {
    const own = interaction.guild.voiceStates.cache.get(interaction.user.id)?.channel;
    const target = channel ?? own;
    if (!target) throw new UserError('caller-not-in-voice');
    if (target.id !== own?.id && !mayEnter(interaction, target)) throw new UserError('join.not-for-caller');
    return this.#options.calls.enter(target, interaction.channelId ?? target.id, interaction);
  }

  /**
   * Brings the bot to `channel`, or with null to the caller's own voice channel, and has it read the chat of that
   * channel and of the channel where the command was used. What people write there while the bot is on its way is
   * read too. Resolves with its arrival when the bot is there and the settings are saved. Rejects with a UserError when
   * it cannot come; the settings then stay as they were.
   */
  async join(interaction: AnyInteraction, channel: VoiceBasedChannel | null): Promise<Arrival> {
    const { calls, lineTurns, joins, reader } = this.#options;
    const { session, reading } = await lineTurns.take(interaction.guildId, async () => {
      const session = this.enter(interaction, channel);
      const channels = channelsReadFor(interaction, session);
      const reading = joins.begin(interaction.guildId, channels);
      await reader.readAfter(interaction.id, channels);
      return { session, reading };
    });
    using _ = reading;
    await session.joined;
    // What was read because of an earlier `/join` elsewhere is not read any more, so nobody waits there for notices.
    if (interaction.channelId) calls.tellIn(interaction.guildId, interaction.channelId);
    return await this.#saveReading(interaction, session);
  }

  /**
   * Makes a line by `make`, queues it in the caller's voice channel, and begins to bring the bot there. It does so
   * after all that was written or asked for earlier in this guild. `make` must not take long, because what others
   * write waits for it. Resolves with the session, with the number of lines that are heard first (`before`), and with
   * whether the line's end was left out (`cut`). Rejects as `make`, `enter` and `Conversation.say` do.
   */
  speak(
    interaction: AnyInteraction,
    make: () => Promise<{ line: Line; cut: boolean }>,
  ): Promise<{ readonly session: Session; readonly before: number; readonly cut: boolean }> {
    return this.#options.lineTurns.take(interaction.guildId, async () => {
      const { line, cut } = await make();
      const session = this.enter(interaction, null);
      return { session, before: session.conversation.say(line), cut };
    });
  }

  /**
   * Makes a line by `make`, and queues it in the caller's voice channel if the bot can come there, or with `comes`
   * false only if it is there already. Otherwise `said` is null, and nothing is queued. It does so after all that was
   * written or asked for earlier in this guild. `before` is the number of lines that are heard first. Rejects as
   * `make` and `Conversation.say` do.
   */
  speakIfThere(
    interaction: AnyInteraction,
    make: () => Promise<Line>,
    { comes }: { readonly comes: boolean } = { comes: true },
  ): Promise<{
    readonly line: Line;
    readonly said: { readonly session: Session; readonly before: number } | null;
  }> {
    return this.#options.lineTurns.take(interaction.guildId, async () => {
      const line = await make();
      const session = comes ? this.#enterIfPossible(interaction) : this.#sessionWith(interaction);
      return { line, said: session && { session, before: session.conversation.say(line) } };
    });
  }

  /** The session of the voice channel in which the caller is; null if the bot is not there. */
  #sessionWith({ guild, user }: AnyInteraction): Session | null {
    const session = this.#options.calls.session(guild.id);
    const here = guild.voiceStates.cache.get(user.id)?.channelId;
    return session && here === session.channelId ? session : null;
  }

  #enterIfPossible(interaction: AnyInteraction): Session | null {
    try {
      return this.enter(interaction, null);
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  /**
   * Silences a session at once, and also drops what was written or asked for before this command but is not queued
   * yet. `whose` resolves with the ids of those whose lines are dropped, or with undefined for everybody's. Resolves
   * with the number of lines that were dropped.
   */
  async stop(session: Session, whose: Promise<readonly string[] | undefined>): Promise<number> {
    const takenUp = this.#options.lineTurns.take(session.guildId, async () => {});
    const userIds = await whose;
    const atOnce = session.conversation.stop(userIds);
    await takenUp;
    return atOnce + session.conversation.stop(userIds);
  }

  /**
   * Sends the bot out of the voice channel. Resolves when it is out and the store has saved that it is not wanted
   * there.
   */
  async leave(session: Session): Promise<void> {
    const { dismissals, lineTurns, statuses } = this.#options;
    const { guildId } = session;
    const kept = dismissals.sentAway(guildId);
    if (statuses.isShown(guildId)) {
      session.pause(); // it is silent at once, although it can leave only when the status is as it was
      // Whoever asks meanwhile for the bot, or for a line, would else be answered by a session that is about to end.
      await lineTurns.take(guildId, async () => {
        await statuses.takeBack(guildId);
        session.close();
      });
    } else {
      session.close();
    }
    await Promise.all([session.ended, kept]);
  }

  #saveReading(interaction: AnyInteraction, session: Session): Promise<Arrival> {
    const { settingTurns, store } = this.#options;
    return settingTurns.take(interaction.guildId, async () => {
      const { known, settings } = await store.guild(interaction.guildId);
      // These settings are then only defaults. If the channels were added to them, they would replace the guild's own.
      if (!known) return arrivalOf(interaction, { voiceId: session.channelId, known, settings });
      const channels = channelsAfterJoin(settings, channelsReadFor(interaction, session));
      store.rememberSettings(interaction.guildId, { channels });
      // The answer says that these channels are read, so the store must have saved that before.
      await store.saved(interaction.guildId);
      const saved = { ...settings, channels };
      return arrivalOf(interaction, { voiceId: session.channelId, known, settings: saved });
    });
  }
}

/**
 * Returns the ids of the channels that a `/join` has read: the voice channel's chat, and where the command was used.
 */
function channelsReadFor({ channel }: AnyInteraction, { channelId }: Session): readonly string[] {
  return [channelId, ...(channel ? [channel.id] : [])];
}
