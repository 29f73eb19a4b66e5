import type { VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { JoinReading } from './join-reading.ts';
import { channelsAfterJoin, isHiddenFromBot, isHiddenFromSome } from '../chat/read-channels.ts';
import type { Reader } from '../chat/reader.ts';
import type { Calls } from './calls.ts';
import { mayEnter, seesId } from '../seeing.ts';

export interface ComingsOptions {
  readonly calls: Calls;
  readonly store: Pick<Store, 'guild' | 'rememberSettings' | 'saved'>;
  readonly reader: Pick<Reader, 'readAfter'>;
  /** In which what people write and ask for becomes lines. */
  readonly order: GuildTurns;
  readonly joins: JoinReading;
  /** Changes of settings, one after another. */
  readonly settingTurns: GuildTurns;
}

/** The ids of the channels that are to be read, but for those that the caller does not see. `hidden`: not all in voice may see it; `unseen`: the bot itself may not. */
type ReadChannels = Readonly<Record<'read' | 'hidden' | 'unseen', readonly string[]>> & {
  /** False: the database cannot be asked, and nothing is read until `/join` is used again. */
  readonly known: boolean;
};

/** Brings the bot to people's voice channels, to read there or to say what they asked for, and silences it. */
export class Comings {
  readonly #options: ComingsOptions;

  constructor(options: ComingsOptions) {
    this.#options = options;
  }

  /**
   * Brings the bot to `channel`, or the caller's own, at once, before any wait. Throws a UserError when the caller or
   * the bot may not go there, or when the bot has company elsewhere. Await `joined` of the session for the outcome.
   */
  enter(interaction: AnyInteraction, channel: VoiceBasedChannel | null): Session {
    const own = interaction.guild.voiceStates.cache.get(interaction.user.id)?.channel;
    const target = channel ?? own;
    if (!target) throw new UserError('caller-not-in-voice');
    if (target.id !== own?.id && !mayEnter(interaction, target)) throw new UserError('join.not-for-caller');
    return this.#options.calls.enter(target, interaction.channelId ?? target.id, interaction);
  }

  /**
   * The same, and has it read there and where the command was used, from now on: also while it is still on its way.
   * Resolves when it is there. Throws a UserError when it cannot come, and then the settings are as they were.
   */
  async join(
    interaction: AnyInteraction,
    channel: VoiceBasedChannel | null,
  ): Promise<{ readonly session: Session } & ReadChannels> {
    const { order, joins, reader } = this.#options;
    const { session, reading } = await order.take(interaction.guildId, async () => {
      const session = this.enter(interaction, channel);
      const channels = channelsReadFor(interaction, session);
      const reading = joins.begin(interaction.guildId, channels);
      await reader.readAfter(interaction.id, channels);
      return { session, reading };
    });
    using _ = reading;
    await session.joined;
    return { session, ...(await this.#saveReading(interaction, session)) };
  }

  /**
   * Queues a line in the caller's voice channel, and brings the bot there: behind all that was written or asked for
   * before in this server. `before`: how many lines are heard first. Nothing that takes long belongs in `make`: what
   * others write meanwhile waits for it. Throws what `make`, `enter` and `Session.say` throw.
   */
  speak(
    interaction: AnyInteraction,
    make: () => Promise<{ line: Line; cut: boolean }>,
  ): Promise<{ readonly session: Session; readonly before: number; readonly cut: boolean }> {
    return this.#options.order.take(interaction.guildId, async () => {
      const { line, cut } = await make();
      const session = this.enter(interaction, null);
      return { session, before: session.say(line), cut };
    });
  }

  /**
   * The same where the bot can come to the caller; where it cannot, `said` is null, and nothing is queued. Throws what
   * `make` and `Session.say` throw.
   */
  speakIfThere(
    interaction: AnyInteraction,
    make: () => Promise<Line>,
  ): Promise<{
    readonly line: Line;
    readonly said: { readonly session: Session; readonly before: number } | null;
  }> {
    return this.#options.order.take(interaction.guildId, async () => {
      const line = await make();
      const session = this.#enterIfPossible(interaction);
      return { line, said: session && { session, before: session.say(line) } };
    });
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
   * Silences a session at once, with all that was written or asked for before this use and has not been taken up yet.
   * `whose`: null for everybody's, else one person's. Returns how many messages that were.
   */
  async stop(session: Session, whose: Promise<string | null>): Promise<number> {
    const takenUp = this.#options.order.take(session.guildId, async () => {});
    const userId = (await whose) ?? undefined;
    const atOnce = session.stop(userId);
    await takenUp;
    return atOnce + session.stop(userId);
  }

  /** Sends the bot out of the voice channel. Resolves when it is out, and will not come back to it by itself. */
  async leave(session: Session): Promise<void> {
    const kept = this.#options.calls.sentAway(session.guildId);
    session.close();
    await Promise.all([session.ended, kept]);
  }

  #saveReading(interaction: AnyInteraction, session: Session): Promise<ReadChannels> {
    const { settingTurns, store } = this.#options;
    return settingTurns.take(interaction.guildId, async () => {
      const { known, settings } = await store.guild(interaction.guildId);
      // Added to settings that are not the server's own, they would be saved in place of those.
      if (!known) return { known, read: [], hidden: [], unseen: [] };
      const channels = channelsAfterJoin(settings, channelsReadFor(interaction, session));
      store.rememberSettings(interaction.guildId, { channels });
      await store.saved(interaction.guildId); // whoever reads the answer may rely on it
      const used = interaction.channel;
      const kindOf = ({ id, addedBy }: { id: string; addedBy: string }) => {
        if (isHiddenFromBot(interaction.guild, id)) return 'unseen';
        const hidden =
          addedBy === 'join' &&
          id === used?.id &&
          isHiddenFromSome(interaction.guild, used, session.channelId);
        return hidden ? 'hidden' : 'read';
      };
      const told = channels.filter(({ id }) => id === session.channelId || seesId(interaction, id));
      const of = (kind: string) => told.filter(channel => kindOf(channel) === kind).map(({ id }) => id);
      return { known, read: of('read'), hidden: of('hidden'), unseen: of('unseen') };
    });
  }
}

/** The chat of the voice channel, and the channel where `/join` was used. */
function channelsReadFor({ channel }: AnyInteraction, { channelId }: Session): readonly string[] {
  return [channelId, ...(channel ? [channel.id] : [])];
}
