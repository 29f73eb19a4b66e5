import { type Guild, PermissionFlagsBits, type VoiceState } from 'discord.js';
import type { Logger } from '../../log.ts';
import type { Hindrance } from '../../speech/floor.ts';
import type { Session } from '../../speech/session.ts';
import type { Wording } from './notices.ts';
import { later } from '../../walls.ts';

export interface HearingOptions {
  readonly session: (guildId: string) => Session | undefined;
  /** Tells a server's people. */
  readonly tell: (guild: Guild, words: Wording) => void;
  readonly log: Logger;
}

/** What passes within this is not told: Discord mutes and suppresses for moments, as on the way onto a stage. */
const SETTLE_MS = 1_000;
/** A hindrance that comes and goes is told again only after this. */
const QUIET_MS = 60_000;

/** What was done in the voice channel that the bot is in. */
interface Place {
  readonly channelId: string;
  /** It has tried to become a speaker on this stage: without or with the permission to. */
  tried: 'may not' | 'may' | null;
  /** It has asked to speak there. */
  asked: boolean;
  timer: NodeJS.Timeout | undefined;
  /** The hindrance that lasts, and of which people have been told. */
  told: Hindrance | null;
}

/**
 * Sees to it that people hear the bot: on a stage it becomes a speaker, or asks to; where nobody hears it, its session
 * holds what is to be said, and people are told once.
 */
export class Hearing implements Disposable {
  readonly #options: HearingOptions;
  /** By server. */
  readonly #places = new Map<string, Place>();
  /**
   * What was told of late, by channel and hindrance, and when: `performance.now()`. It outlives the place, which the bot
   * leaves and enters again when it connects anew.
   */
  readonly #toldAt = new Map<string, number>();

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** The bot's voice state or its permissions in a server may have changed. Never throws or rejects. */
  changed(guild: Guild): void {
    const session = this.#options.session(guild.id);
    const state = guild.voiceStates.cache.get(guild.client.user.id);
    if (!session || !state?.channelId) {
      this.#forget(guild.id);
      return;
    }
    session.hearingChanged();
    const place = this.#placeOf(guild.id, state.channelId);
    if (session.hindrance === 'audience') void this.#onStage(guild, state, place);
    else if (session.hindrance) this.#tellSoon(guild, place);
    else {
      clearTimeout(place.timer);
      place.told = null;
    }
  }

  [Symbol.dispose](): void {
    for (const guildId of this.#places.keys()) this.#forget(guildId);
  }

  /** Once on each stage, or with more permission: where a moderator puts it into the audience again, it stays there. */
  async #onStage(guild: Guild, state: VoiceState, place: Place): Promise<void> {
    const { me } = guild.members;
    const may = me && state.channel?.permissionsFor(me);
    const maySpeak = may?.has(PermissionFlagsBits.MuteMembers) ?? false;
    const tried = maySpeak ? 'may' : 'may not';
    if (place.tried !== tried) {
      place.tried = tried;
      const speaks = maySpeak && (await this.#attempt(guild, () => state.setSuppressed(false)));
      if (speaks) return; // the gateway tells of it
      const mayAsk = may?.has(PermissionFlagsBits.RequestToSpeak) ?? false;
      place.asked = mayAsk && (await this.#attempt(guild, () => state.setRequestToSpeak(true)));
    }
    this.#tellSoon(guild, place);
  }

  async #attempt(guild: Guild, ask: () => Promise<unknown>): Promise<boolean> {
    try {
      await ask();
      return true;
    } catch (error) {
      this.#options.log.warn({ guildId: guild.id, err: error }, 'not let speak on a stage');
      return false;
    }
  }

  /** Tells people, unless it passes at once. */
  #tellSoon(guild: Guild, place: Place): void {
    clearTimeout(place.timer);
    place.timer = later(this.#options.log, 'a hindrance told', SETTLE_MS, () => {
      const session = this.#options.session(guild.id);
      if (!session?.hindrance || this.#places.get(guild.id) !== place) return;
      const { hindrance, channelId } = session;
      if (place.told === hindrance) return;
      place.told = hindrance;
      if (!this.#isNews(channelId, hindrance)) return;
      const key = hindrance === 'audience' && !place.asked ? 'held.unasked' : (`held.${hindrance}` as const);
      this.#options.tell(guild, { key, params: { channel: `<#${channelId}>` } });
    });
  }

  /** Whether it has not been told within `QUIET_MS`; from now on it has. */
  #isNews(channelId: string, hindrance: Hindrance): boolean {
    const now = performance.now();
    for (const [key, at] of this.#toldAt) if (now - at >= QUIET_MS) this.#toldAt.delete(key);
    const key = `${channelId} ${hindrance}`;
    if (this.#toldAt.has(key)) return false;
    this.#toldAt.set(key, now);
    return true;
  }

  #placeOf(guildId: string, channelId: string): Place {
    const known = this.#places.get(guildId);
    if (known?.channelId === channelId) return known;
    this.#forget(guildId);
    const place: Place = {
      channelId,
      tried: null,
      asked: false,
      timer: undefined,
      told: null,
    };
    this.#places.set(guildId, place);
    return place;
  }

  #forget(guildId: string): void {
    clearTimeout(this.#places.get(guildId)?.timer);
    this.#places.delete(guildId);
  }
}
