import type { Client, Guild, VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import { guildDefaults } from '../../settings/guild.ts';
import type { Outages } from '../../speech/outages.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { Session } from '../../speech/session.ts';
import type { SessionEnd, SessionOptions } from '../../speech/session-options.ts';
import type { Stay } from '../../store/kept/kept-facts.ts';
import type { Store } from '../../store/store.ts';
import type { Notices, Wording } from '../notices.ts';
import { seesId, type Viewer } from '../seeing.ts';
import { checkMayJoin, companyIn } from './channels.ts';
import type { Dismissals } from './dismissals.ts';
import type { GatewaySessions } from './gateway-sessions.ts';
import { hindranceIn } from './hindrance.ts';

// Brings the bot into voice channels, and opens a speech session in each. A call is the voice channel in which the bot
// is, or to which it is on its way. `call-requests.ts` has what people ask for; `returns.ts` and `own-arrivals.ts`
// bring the bot without a command.

export interface CallsOptions {
  readonly client: Client;
  readonly gateway: GatewaySessions;
  readonly sessions: SessionRegistry;
  readonly store: Pick<Store, 'cached' | 'saved' | 'stays'>;
  readonly notices: Notices;
  readonly dismissals: Dismissals;
  readonly outages: Outages;
  /** The parts of the process that all speech sessions share. */
  readonly speechMeans: Pick<SessionOptions, 'fish' | 'budget' | 'voiceHealth' | 'tally' | 'cache' | 'log'>;
}

/**
 * The calls of the bot, at most one in each guild. Also remembers where the bot is wanted, and tells people when a call
 * ends by itself.
 */
export class Calls {
  readonly #options: CallsOptions;
  /** Where the present sessions are, by guild id. */
  readonly #stays = new Map<string, Stay>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  session(guildId: string): Session | undefined {
    return this.#options.sessions.get(guildId);
  }

  /** Call this when Discord has said that the bot is in no voice channel of a guild. */
  nowhere(guildId: string): void {
    this.#options.sessions.nowhere(guildId);
  }

  humansWith(guild: Guild, session: Session): number {
    return companyIn(this.#options.client, guild, session.channelId).humans;
  }

  /**
   * Begins to bring the bot to `channel` and returns the session at once. The session's promise `joined` settles when
   * the bot is there or cannot come. Notices about the session go to the text channel with the id `noticesTo`.
   *
   * Throws a UserError when the bot lacks a permission there, the channel is full, people are with the bot in another
   * channel, or the guild calls the bot too often. `viewer` is the person who is told that error, and it names no
   * channel that they do not see. `viewer` is null when nobody asked the bot to come.
   */
  enter(channel: VoiceBasedChannel, noticesTo: string, viewer: Viewer | null): Session {
    const { guild } = channel;
    const current = this.session(guild.id);
    if (current?.channelId === channel.id) return current;
    if (current && this.humansWith(guild, current) > 0) {
      if (viewer && !seesId(viewer, current.channelId)) throw new UserError('busy-unseen');
      throw new UserError('busy-elsewhere', { channel: `<#${current.channelId}>` });
    }
    checkMayJoin(channel);
    const stay = { guildId: guild.id, channelId: channel.id, noticesTo };
    if (current) {
      this.#options.sessions.limitComings(guild.id);
      current.move(channel.id);
    }
    const session = current ?? this.#open(channel, stay, { returns: false });
    this.#remember(stay);
    return session;
  }

  /**
   * Begins to bring the bot back to the channel where it was wanted, and returns the session. Throws a UserError when
   * the bot lacks a permission there, the channel is full, or the process is about to end.
   */
  comeBack(channel: VoiceBasedChannel, stay: Stay): Session {
    checkMayJoin(channel);
    return this.#open(channel, stay, { returns: true });
  }

  #open(channel: VoiceBasedChannel, stay: Stay, { returns }: { returns: boolean }): Session {
    const { client, gateway, sessions, speechMeans, store, outages } = this.#options;
    const { guild } = channel;
    const tell = (words: Wording) => this.tell(guild, words, stay);
    const session = sessions.open({
      ...speechMeans,
      log: speechMeans.log.child({ guildId: guild.id }),
      guildId: guild.id,
      channelId: channel.id,
      adapterCreator: methods => {
        // Discord shows the bot in this channel because an earlier gateway session left it there. Joining it would
        // then change nothing, and Discord would not answer; so the bot leaves it first.
        if (gateway.isGhost(guild) && gateway.ownState(guild)?.channelId === channel.id)
          gateway.leaveVoice(guild);
        return guild.voiceAdapterCreator(methods);
      },
      company: id => companyIn(client, guild, id),
      hindrance: id => hindranceIn(guild, id),
      leaveAfterMs: () => (store.cached(guild.id)?.settings ?? guildDefaults).leaveAfter * 1_000,
      notify: tell,
      onTrouble: () => outages.met(guild.id, tell),
      kept: () => store.saved(guild.id),
      onMoved: channelId => this.#remember({ ...stay, ...this.#stays.get(guild.id), channelId }),
      onEnded: end => this.#onEnded(guild, end, returns),
    });
    this.#stays.set(guild.id, stay);
    return session;
  }

  #remember(stay: Stay): void {
    this.#stays.set(stay.guildId, stay);
    this.#options.store.stays.remember(stay);
  }

  /** Has notices about the guild's session go to the text channel with this id from now on, also after a restart. */
  tellIn(guildId: string, noticesTo: string): void {
    const stay = this.#stays.get(guildId);
    if (stay && stay.noticesTo !== noticesTo) this.#remember({ ...stay, noticesTo });
  }

  /** The ids of the text channels in which people of a guild are told things, the best one first. */
  placesFor(guildId: string): readonly string[] {
    return placesOf(this.#stays.get(guildId));
  }

  /**
   * Tells people something in the text channel to which the notices of the guild's session go, or in its voice
   * channel. If there is no session, those of `stay` are used. Never throws.
   */
  tell(guild: Guild, words: Wording, stay?: Stay): void {
    void this.#options.notices.inChannel(guild, placesOf(this.#stays.get(guild.id) ?? stay), words);
  }

  /**
   * Handles the end of a session. `returns` is true when the session was to bring the bot back, without anybody
   * asking.
   */
  #onEnded(guild: Guild, { error, wasIn, awaited, draining }: SessionEnd, returns: boolean): void {
    const { gateway, notices, store, dismissals } = this.#options;
    if (this.session(guild.id)) return; // Somebody has already brought the bot back, into a new session.
    const stay = this.#stays.get(guild.id);
    this.#stays.delete(guild.id);
    if (error?.key === 'voice.kicked' && guild.available) {
      const tell = (kept: Stay) => {
        // When its channel is deleted, the bot is disconnected too, and Discord may tell of that first.
        const isGone = !guild.channels.cache.has(kept.channelId);
        void notices.inChannel(guild, placesOf(kept), isGone ? new UserError('voice.gone') : error);
      };
      // Who called a bot that has never come in, without a line in chat that waits, has this as the answer.
      if (stay) dismissals.kicked(stay, () => (wasIn || awaited) && tell(stay));
      return;
    }
    // The session ended because the process ends or Discord cannot be reached. The stay is kept, so the bot comes
    // back.
    if (draining || !gateway.reaches(guild)) return;
    if (returns && !wasIn) return; // `Returns` tries again.
    store.stays.forget(guild.id);
    if (error && stay && (wasIn || awaited)) void notices.inChannel(guild, placesOf(stay), error);
  }
}

/** The ids of the text channels in which people are told things during a stay, the best one first. */
function placesOf(stay: Stay | undefined): readonly string[] {
  return stay ? [stay.noticesTo, stay.channelId] : [];
}
