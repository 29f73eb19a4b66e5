import type { Client, Guild, VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import { guildDefaults } from '../../settings.ts';
import { clipOf } from '../../speech/clip.ts';
import type { Outages } from '../../speech/outages.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { Session, SessionEnd, SessionOptions } from '../../speech/session.ts';
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
  /** What every session shares. */
  readonly shared: Pick<SessionOptions, 'fish' | 'budget' | 'gone' | 'log'>;
}

/** A file is whole within this, or never. */
const CLIP_MS = 60_000;

/** Why the bot cannot come by itself that people can mend. */
const SHUT: ReadonlySet<string> = new Set(['lacks-permission', 'channel-full']);
/** They are told it again when it has not happened for so long. */
const SHUT_AGAIN_MS = 600_000;

/** Sent away, the bot does not come back by itself within this. */
const REST_MS = 60_000;

/** Discord's outage of a server takes the bot out of voice first, as a moderator would, and is told within this. */
const OUTAGE_TOLD_MS = 500;

/** The voice channels of the bot's servers, as the speech sessions see them. */
export class Calls {
  readonly #options: CallsOptions;
  /** When the bot was sent away, by server. */
  readonly #sentAway = new Map<string, number>();
  readonly #shut = new ToldOnce({ quietMs: SHUT_AGAIN_MS });
  /** Where the sessions are that are here, by server. */
  readonly #stays = new Map<string, Stay>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** What somebody wants said, as packets for a file, after a minute at most. Throws what `clipOf` throws. */
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
   * Brings the bot to `channel` at once, before any wait; the session's `joined` tells the outcome. What the
   * session has to say of itself goes to the text channel `noticesTo`. Throws a UserError when the bot may not go
   * there or has company elsewhere; `viewer`, who is told, learns of no channel that they do not see.
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
   * The same without being asked: null where it may not, which people are told once with what they can do, or was sent
   * away just now.
   */
  comeTo(channel: VoiceBasedChannel, noticesTo: string): Session | null {
    const since = performance.now() - REST_MS;
    for (const [id, at] of this.#sentAway) if (at < since) this.#sentAway.delete(id);
    if (this.#sentAway.has(channel.guild.id)) return null;
    try {
      return this.enter(channel, noticesTo, null);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#tellShut(channel, noticesTo, error);
      return null;
    }
  }

  /** Nobody asked for the bot, so nobody is answered who could open the door to it. */
  #tellShut({ guild, id }: VoiceBasedChannel, noticesTo: string, error: UserError): void {
    const { key, params } = error;
    if (!SHUT.has(key) || !this.#shut.isNews(`${guild.id} ${id} ${key} ${String(params['permissions'])}`))
      return;
    void this.#options.notices.inChannel(guild, [noticesTo], error);
  }

  /**
   * Brings the bot back to where it is wanted, before anybody asked for it. Null where it cannot come now; where it
   * may not come any more, it is no longer wanted there.
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

  /** The bot could not come back to where it is wanted, for the reason `error`: people are told, and it stays away. */
  notBack(guild: Guild, { channelId, noticesTo }: Stay, error: UserError): void {
    const { notices, store } = this.#options;
    store.stays.forget(guild.id);
    void notices.inChannel(guild, [noticesTo, channelId], error);
  }

  /**
   * Somebody sent the bot away: it is no longer wanted, and does not come by itself for a while. Resolves when that is
   * kept; never rejects.
   */
  async sentAway(guildId: string): Promise<void> {
    this.#sentAway.set(guildId, performance.now());
    this.#options.store.stays.forget(guildId);
    await this.#options.store.saved(guildId);
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
        // A join to the channel in which a former session left the bot would change nothing, and get no answer.
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

  /** Tells a server's people where the bot has heard from them, or was to be by `stay`. Never rejects. */
  tell(guild: Guild, words: Wording, stay?: Stay): void {
    const { noticesTo, channelId } = this.#stays.get(guild.id) ?? stay ?? { noticesTo: '', channelId: '' };
    void this.#options.notices.inChannel(guild, [noticesTo, channelId], words);
  }

  /** `returns`: nobody had asked for the session, it was to be where the bot had been. */
  #onEnded(guild: Guild, { error, wasIn, awaited, draining }: SessionEnd, returns: boolean): void {
    const { gateway, notices, store, shared } = this.#options;
    if (this.session(guild.id)) return; // people have brought it back already
    const stay = this.#stays.get(guild.id);
    this.#stays.delete(guild.id);
    if (error?.key === 'voice.kicked') {
      void this.sentAway(guild.id);
      if (stay) later(shared.log, 'a kick told', OUTAGE_TOLD_MS, () => this.#onKicked(guild, stay, error));
      return;
    }
    // What ended because the process ends, or Discord is away, goes on when it is back.
    if (draining || !gateway.reaches(guild)) return;
    if (returns && !wasIn) return; // it is tried again
    store.stays.forget(guild.id);
    if (error && stay && (wasIn || awaited))
      void notices.inChannel(guild, [stay.noticesTo, stay.channelId], error);
  }

  /** Tells people that the bot was disconnected; where it was an outage, it is wanted as before. */
  #onKicked(guild: Guild, stay: Stay, error: UserError): void {
    const { notices, store } = this.#options;
    if (guild.available) {
      void notices.inChannel(guild, [stay.noticesTo, stay.channelId], error);
    } else {
      this.#sentAway.delete(guild.id);
      store.stays.remember(stay);
    }
  }
}
