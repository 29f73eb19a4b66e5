import { type Guild, PermissionFlagsBits, type VoiceState } from 'discord.js';
import type { Logger } from '../../log.ts';
import type { Hindrance } from '../../speech/floor.ts';
import type { Session } from '../../speech/session.ts';
import { later, walled } from '../../walls.ts';
import type { Wording } from '../notices.ts';

// Takes care that people can hear the bot: on a stage it becomes a speaker, or asks to. While something hinders it,
// such as a mute, its session holds back what is to be said, and people are told once. `hindrance.ts` finds out what
// hinders it.

export interface HearingOptions {
  readonly session: (guildId: string) => Session | undefined;
  /** Tells the people of a guild something, in the channel to which its session's notices go. */
  readonly tell: (guild: Guild, words: Wording) => void;
  readonly log: Logger;
}

/**
 * People are not told of a hindrance that passes within this time. Discord mutes or suppresses the bot for moments,
 * for example on its way onto a stage.
 */
const SETTLE_MS = 1_000;
/** People are told of the same hindrance again only after this time. */
const QUIET_MS = 60_000;

/** What was done about hindrances in the voice channel in which the bot is. */
interface ChannelState {
  readonly channelId: string;
  /**
   * How the bot has tried to become a speaker on this stage: with the permission to do so, or without. Null: not yet.
   */
  tried: 'may not' | 'may' | null;
  /** Whether it has asked to speak there. */
  asked: boolean;
  /** Runs until people are told of the present hindrance. */
  timer: NodeJS.Timeout | undefined;
  /** The present hindrance, once people have been told of it. */
  told: Hindrance | null;
}

export class Hearing implements Disposable {
  readonly #options: HearingOptions;
  /** The state of the channel in which the bot is, by guild id. */
  readonly #channels = new Map<string, ChannelState>();
  /**
   * When people were last told of a hindrance, by where it holds (see `#isNews`) and what it is; the time is
   * `performance.now()`. It is kept apart from `#channels`, because the bot leaves its channel and enters it again when
   * it reconnects.
   */
  readonly #toldAt = new Map<string, number>();

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** Call this when the bot's voice state or its permissions in a guild may have changed. Never throws. */
  changed(guild: Guild): void {
    const session = this.#options.session(guild.id);
    const state = guild.voiceStates.cache.get(guild.client.user.id);
    if (!session || !state?.channelId) {
      this.#forget(guild.id);
      return;
    }
    session.hearingChanged();
    const channel = this.#stateOf(guild.id, state.channelId);
    if (session.hindrance === 'audience')
      void walled(this.#options.log, 'a stage', () => this.#onStage(guild, state, channel));
    else if (session.hindrance) this.#tellSoon(guild, channel);
    else {
      clearTimeout(channel.timer);
      channel.timer = undefined;
      channel.told = null;
    }
  }

  [Symbol.dispose](): void {
    for (const guildId of this.#channels.keys()) this.#forget(guildId);
  }

  /**
   * Tries to become a speaker, or asks to. It does so once on each stage, and once more when the bot has got the
   * permission; so it stays in the audience when a moderator moves it back there.
   */
  async #onStage(guild: Guild, state: VoiceState, channel: ChannelState): Promise<void> {
    const { me } = guild.members;
    const may = me && state.channel?.permissionsFor(me);
    const maySpeak = may?.has(PermissionFlagsBits.MuteMembers) ?? false;
    const tried = maySpeak ? 'may' : 'may not';
    if (channel.tried !== tried) {
      channel.tried = tried;
      const speaks = maySpeak && (await this.#attempt(guild, () => state.setSuppressed(false)));
      if (speaks) return; // The gateway then sends a new voice state, and `changed` is called again.
      const mayAsk = may?.has(PermissionFlagsBits.RequestToSpeak) ?? false;
      channel.asked = mayAsk && (await this.#attempt(guild, () => state.setRequestToSpeak(true)));
    }
    this.#tellSoon(guild, channel);
  }

  async #attempt(guild: Guild, ask: () => Promise<unknown>): Promise<boolean> {
    try {
      await ask();
      return true;
    } catch (error) {
      this.#options.log.warn({ guildId: guild.id, err: error }, 'the bot could not be let speak on a stage');
      return false;
    }
  }

  /**
   * Tells people of the session's hindrance, unless it passes within `SETTLE_MS`. That time runs from the first call
   * on, since in a busy guild something changes all the time.
   */
  #tellSoon(guild: Guild, channel: ChannelState): void {
    channel.timer ??= later(this.#options.log, 'a hindrance told', SETTLE_MS, () => {
      channel.timer = undefined;
      const session = this.#options.session(guild.id);
      if (!session?.hindrance || this.#channels.get(guild.id) !== channel) return;
      const { hindrance, channelId } = session;
      if (channel.told === hindrance) return;
      channel.told = hindrance;
      // A mute holds in all voice channels of the guild, so it is the same one when the bot is moved.
      if (!this.#isNews(hindrance === 'muted' ? guild.id : channelId, hindrance)) return;
      const key =
        hindrance === 'audience' && !channel.asked ? 'held.unasked' : (`held.${hindrance}` as const);
      this.#options.tell(guild, { key, params: { channel: `<#${channelId}>` } });
    });
  }

  /**
   * Whether people have not been told of this hindrance within `QUIET_MS`. Counts it as told from now on. `where` is
   * the id of the channel or guild in which it holds.
   */
  #isNews(where: string, hindrance: Hindrance): boolean {
    const now = performance.now();
    for (const [key, at] of this.#toldAt) if (now - at >= QUIET_MS) this.#toldAt.delete(key);
    const key = `${where} ${hindrance}`;
    if (this.#toldAt.has(key)) return false;
    this.#toldAt.set(key, now);
    return true;
  }

  /** Returns the state of a channel, which is a new one when the bot has just come to that channel. */
  #stateOf(guildId: string, channelId: string): ChannelState {
    const known = this.#channels.get(guildId);
    if (known?.channelId === channelId) return known;
    this.#forget(guildId);
    const channel: ChannelState = {
      channelId,
      tried: null,
      asked: false,
      timer: undefined,
      told: null,
    };
    this.#channels.set(guildId, channel);
    return channel;
  }

  #forget(guildId: string): void {
    clearTimeout(this.#channels.get(guildId)?.timer);
    this.#channels.delete(guildId);
  }
}
