import type { Client, Guild, VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import { guildDefaults } from '../../settings/guild.ts';
import { clipOf } from '../../speech/clip.ts';
import type { Outages } from '../../speech/outages.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { Session } from '../../speech/session.ts';
import type { SessionEnd, SessionOptions } from '../../speech/session-options.ts';
import { ToldOnce } from '../../speech/told-once.ts';
import type { Stay, Store } from '../../store/store.ts';
import { checkMayJoin, companyIn } from './channels.ts';
import type { GatewaySessions } from '../gateway/gateway-sessions.ts';
import { hindranceIn } from './hindrance.ts';
import type { Notices, Wording } from './notices.ts';
import { seesId, type Viewer } from '../seeing.ts';
import { later } from '../../walls.ts';

export interface CallsOptions {
  readonly client: Client;
  readonly gateway: GatewaySessions;
  readonly sessions: SessionRegistry;
  readonly store: Pick<Store, 'cached' | 'saved' | 'stays'>;
  readonly notices: Notices;
  readonly outages: Outages;
  /** The parts of the process that all speech sessions share. */
  readonly shared: Pick<SessionOptions, 'fish' | 'budget' | 'gone' | 'log'>;
}

/** A file of speech that is not finished within this time is given up. */
const CLIP_MS = 60_000;

/**
 * The keys of the errors that keep the bot from coming by itself and that people can correct. They are told about
 * these.
 */
const CORRECTABLE: ReadonlySet<string> = new Set(['lacks-permission', 'channel-full']);
/** People are told of such an error again only when it has not happened for this long. */
const TOLD_AGAIN_MS = 600_000;

/** After somebody sent the bot away, it does not come by itself for this long. */
const REST_MS = 60_000;

/**
 * When Discord has an outage of a guild, the bot first seems to be disconnected by a moderator. The news that it is an
 * outage arrives within this time.
 */
const OUTAGE_TOLD_MS = 500;

/**
 * The calls of the bot, which means the voice channels in which it is or to which it is on its way, at most one in
 * each guild. Brings the bot into them, opens their speech sessions, remembers where the bot is wanted, and tells
 * people when a call ends by itself.
 */
export class Calls {
  readonly #options: CallsOptions;
  /** When somebody sent the bot away, by guild id; the time is `performance.now()`. */
  readonly #sentAway = new Map<string, number>();
  /**
   * The disconnections that are either a moderator's or an outage, which is not known yet, by guild id. When the timer
   * ends, it was a moderator.
   */
  readonly #kicks = new Map<string, { readonly stay: Stay; readonly timer: NodeJS.Timeout }>();
  /** The correctable errors of which people have been told. */
  readonly #told = new ToldOnce({ quietMs: TOLD_AGAIN_MS });
  /** Where the present sessions are, by guild id. */
  readonly #stays = new Map<string, Stay>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** Resolves with a line as Opus packets for a file, after at most a minute. Rejects as `clipOf` does. */
  clip(guildId: string, line: Parameters<typeof clipOf>[0]): Promise<readonly Uint8Array[]> {
    return clipOf(line, { ...this.#options.shared, guildId }, AbortSignal.timeout(CLIP_MS));
  }

  session(guildId: string): Session | undefined {
    return this.#options.sessions.get(guildId);
  }

  humansWith(guild: Guild, session: Session): number {
    return companyIn(this.#options.client, guild, session.channelId).humans;
  }

  /**
   * Begins to bring the bot to `channel` and returns the session at once. The session's promise `joined` settles when
   * the bot is there or cannot come. Notices about the session go to the text channel with the id `noticesTo`.
   *
   * Throws a UserError when the bot lacks a permission there, the channel is full, or people are with the bot in
   * another channel. `viewer` is the person who is told that error, and it names no channel that they do not see.
   * `viewer` is null when nobody asked the bot to come.
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
    current?.move(channel.id);
    const session = current ?? this.#open(channel, stay, { returns: false });
    this.#remember(stay);
    return session;
  }

  /**
   * Begins to bring the bot to `channel` although nobody asked for it by a command, and returns the session. Returns
   * null when somebody has sent the bot away since the time `since` (by `performance.now()`), which is a minute ago by
   * default, or when it cannot come; if people can correct the cause, they are told once in the text channel
   * `noticesTo`.
   */
  comeTo(channel: VoiceBasedChannel, noticesTo: string, since = performance.now() - REST_MS): Session | null {
    const rested = performance.now() - REST_MS;
    for (const [id, at] of this.#sentAway) if (at < rested) this.#sentAway.delete(id);
    if ((this.#sentAway.get(channel.guild.id) ?? Number.NEGATIVE_INFINITY) >= since) return null;
    try {
      return this.enter(channel, noticesTo, null);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#tellWhyNot(channel, noticesTo, error);
      return null;
    }
  }

  /** Tells people why the bot does not come by itself. There is no command here whose answer could tell them. */
  #tellWhyNot({ guild, id }: VoiceBasedChannel, noticesTo: string, error: UserError): void {
    const { key, params } = error;
    if (!CORRECTABLE.has(key)) return;
    if (!this.#told.isNews(`${guild.id} ${id} ${key} ${String(params['permissions'])}`)) return;
    void this.#options.notices.inChannel(guild, [noticesTo], error);
  }

  /**
   * Begins to bring the bot back to the channel where it was wanted, and returns the session. Returns null when it
   * cannot come. If the reason is that it may no longer enter, the stay is forgotten, so that it does not try again.
   */
  comeBack(channel: VoiceBasedChannel, stay: Stay): Session | null {
    const { shared, store } = this.#options;
    try {
      checkMayJoin(channel);
      return this.#open(channel, stay, { returns: true });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.key === 'restarting') return null;
      shared.log.info(
        { guildId: stay.guildId, channelId: stay.channelId, why: error.key },
        'does not come back to a voice channel',
      );
      store.stays.forget(stay.guildId);
      return null;
    }
  }

  /** Gives up coming back to a channel: the stay is forgotten, and people are told the reason, which is `error`. */
  giveUpComingBack(guild: Guild, { channelId, noticesTo }: Stay, error: UserError): void {
    const { notices, store } = this.#options;
    store.stays.forget(guild.id);
    void notices.inChannel(guild, [noticesTo, channelId], error);
  }

  /**
   * To be called when somebody sent the bot away: it is no longer wanted there, and does not come by itself for a
   * minute. Resolves when the store has saved that; never rejects.
   */
  async sentAway(guildId: string): Promise<void> {
    this.#sentAway.set(guildId, performance.now());
    this.#options.store.stays.forget(guildId);
    await this.#options.store.saved(guildId);
  }

  /**
   * To be called when Discord says that a guild has an outage. If the bot was disconnected there just before, nobody
   * has sent it away, so it stays wanted.
   */
  outage(guildId: string): void {
    const kick = this.#kicks.get(guildId);
    if (!kick) return;
    clearTimeout(kick.timer);
    this.#kicks.delete(guildId);
    this.#sentAway.delete(guildId);
    this.#options.store.stays.remember(kick.stay);
  }

  #open(channel: VoiceBasedChannel, stay: Stay, { returns }: { returns: boolean }): Session {
    const { client, gateway, sessions, shared, store, outages } = this.#options;
    const { guild } = channel;
    const tell = (words: Wording) => this.tell(guild, words, stay);
    const session = sessions.open({
      ...shared,
      log: shared.log.child({ guildId: guild.id }),
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

  /** The ids of the text channels in which people of a guild are told things, the best one first. */
  placesFor(guildId: string): readonly string[] {
    const { noticesTo, channelId } = this.#stays.get(guildId) ?? { noticesTo: '', channelId: '' };
    return [noticesTo, channelId];
  }

  /**
   * Tells people something in the text channel to which the notices of the guild's session go, or in its voice
   * channel. If there is no session, those of `stay` are used. Never throws.
   */
  tell(guild: Guild, words: Wording, stay?: Stay): void {
    const { noticesTo, channelId } = this.#stays.get(guild.id) ?? stay ?? { noticesTo: '', channelId: '' };
    void this.#options.notices.inChannel(guild, [noticesTo, channelId], words);
  }

  /**
   * Handles the end of a session. `returns` is true when the session was to bring the bot back, without anybody
   * asking.
   */
  #onEnded(guild: Guild, { error, wasIn, awaited, draining }: SessionEnd, returns: boolean): void {
    const { gateway, notices, store } = this.#options;
    if (this.session(guild.id)) return; // Somebody has already brought the bot back, into a new session.
    const stay = this.#stays.get(guild.id);
    this.#stays.delete(guild.id);
    if (error?.key === 'voice.kicked' && guild.available) {
      void this.sentAway(guild.id);
      if (stay) this.#kicked(guild, stay, error);
      return;
    }
    // The session ended because the process ends or Discord cannot be reached. The stay is kept, so the bot comes
    // back.
    if (draining || !gateway.reaches(guild)) return;
    if (returns && !wasIn) return; // `Returns` tries again.
    store.stays.forget(guild.id);
    if (error && stay && (wasIn || awaited))
      void notices.inChannel(guild, [stay.noticesTo, stay.channelId], error);
  }

  /** Tells people that somebody disconnected the bot, if Discord does not say meanwhile that it was an outage. */
  #kicked(guild: Guild, stay: Stay, error: UserError): void {
    const { notices, shared } = this.#options;
    const timer = later(shared.log, 'a kick told', OUTAGE_TOLD_MS, () => {
      this.#kicks.delete(guild.id);
      void notices.inChannel(guild, [stay.noticesTo, stay.channelId], error);
    });
    this.#kicks.set(guild.id, { stay, timer });
  }
}
