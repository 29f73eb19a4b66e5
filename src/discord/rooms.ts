import type { Client, Guild, VoiceBasedChannel } from 'discord.js';
import { UserError } from '../errors.ts';
import { serverDefaults } from '../settings.ts';
import { clipOf } from '../speech/clip.ts';
import type { SessionRegistry } from '../speech/registry.ts';
import type { Session, SessionOptions } from '../speech/session.ts';
import type { Store } from '../store/store.ts';
import { checkMayJoin, companyIn } from './channels.ts';
import { seesId, type Viewer } from './seeing.ts';
import type { Notices } from './notices.ts';

export interface RoomsOptions {
  readonly client: Client;
  readonly sessions: SessionRegistry;
  readonly store: Pick<Store, 'cached'>;
  readonly notices: Notices;
  /** What every session shares. */
  readonly shared: Pick<SessionOptions, 'fish' | 'budget' | 'gone' | 'log'>;
}

/** A file is whole within this, or never. */
const CLIP_MS = 60_000;

/** Sent away, the bot does not come back by itself within this. */
const REST_MS = 60_000;

/** The voice channels of the bot's servers, as the speech sessions see them. */
export class Rooms {
  readonly #options: RoomsOptions;
  /** When the bot was sent away, by server. */
  readonly #sentAway = new Map<string, number>();

  constructor(options: RoomsOptions) {
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
    current?.move(channel.id);
    return current ?? this.#open(channel, noticesTo);
  }

  /** The same without being asked: null where it may not, or was sent away just now. */
  comeTo(channel: VoiceBasedChannel, noticesTo: string): Session | null {
    const since = performance.now() - REST_MS;
    for (const [id, at] of this.#sentAway) if (at < since) this.#sentAway.delete(id);
    if (this.#sentAway.has(channel.guild.id)) return null;
    try {
      return this.enter(channel, noticesTo, null);
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  /** Somebody sent the bot away: it does not come back by itself for a while. */
  sentAway(guildId: string): void {
    this.#sentAway.set(guildId, performance.now());
  }

  #open(channel: VoiceBasedChannel, noticesTo: string): Session {
    const { client, sessions, shared, store, notices } = this.#options;
    const { guild } = channel;
    const session: Session = sessions.open({
      ...shared,
      log: shared.log.child({ guildId: guild.id }),
      guildId: guild.id,
      channelId: channel.id,
      adapterCreator: guild.voiceAdapterCreator,
      company: id => companyIn(client, guild, id),
      leaveAfterMs: () => (store.cached(guild.id)?.settings ?? serverDefaults).leaveAfter * 1_000,
      notify: why => {
        if (why.key === 'voice.kicked') this.sentAway(guild.id);
        void notices.inChannel(guild, [noticesTo, session.channelId], why);
      },
    });
    return session;
  }
}
