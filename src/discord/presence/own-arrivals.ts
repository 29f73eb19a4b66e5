import type { Guild, GuildMember, VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { Session } from '../../speech/session.ts';
import { ToldOnce } from '../../speech/told-once.ts';
import type { Store } from '../../store/store.ts';
import { walled } from '../../walls.ts';
import type { TextWithRows } from '../interaction/answer.ts';
import type { Notices } from '../notices.ts';
import type { Viewer } from '../seeing.ts';
import type { Calls } from './calls.ts';
import type { Dismissals } from './dismissals.ts';
import { type Arrival, arrivalOf } from './read-report.ts';

// Brings the bot into voice channels without a command, because somebody writes where it reads or because it follows
// them, and tells people there what the answer to `/join` would have told them. Its coming back is in `returns.ts`.

/**
 * The keys of the errors that keep the bot from coming by itself and that people can correct. They are told about
 * these.
 */
const CORRECTABLE: ReadonlySet<string> = new Set(['lacks-permission', 'channel-full']);
/** People are told of such an error again only when it has not happened for this long. */
const TOLD_AGAIN_MS = 600_000;

export interface OwnArrivalsOptions {
  readonly calls: Pick<Calls, 'enter' | 'session'>;
  readonly dismissals: Pick<Dismissals, 'since'>;
  readonly store: Pick<Store, 'guild'>;
  readonly notices: Pick<Notices, 'inChannel' | 'post'>;
  /** Returns what people are told of an arrival. */
  readonly message: (guild: Guild, arrival: Arrival, t: Translate) => TextWithRows;
  readonly log: Logger;
}

export class OwnArrivals {
  readonly #options: OwnArrivalsOptions;
  /** The correctable errors of which people have been told. */
  readonly #told = new ToldOnce({ quietMs: TOLD_AGAIN_MS });

  constructor(options: OwnArrivalsOptions) {
    this.#options = options;
  }

  /**
   * Begins to bring the bot to `channel`, and returns the session. When it is there, people are told in the text
   * channel `channelId`, unless it was there already. `member` is the person because of whom it comes; no channel is
   * named that they do not see.
   *
   * Returns null when somebody has sent the bot away since the time `since` (see `Dismissals.since`), or when it cannot
   * come. If people can correct the cause, they are told once in the same text channel.
   */
  come(
    channel: VoiceBasedChannel,
    { member, channelId, since }: { member: GuildMember | null; channelId: string; since?: number },
  ): Session | null {
    const { calls, dismissals, log } = this.#options;
    const { guild } = channel;
    if (dismissals.since(guild.id, since)) return null;
    const before = calls.session(guild.id)?.channelId;
    const session = this.#enter(channel, channelId);
    if (session && session.channelId !== before && member)
      session.joined.then(
        () => walled(log, 'an arrival told', () => this.#tell(session, { member, channelId })),
        () => {}, // Whoever waits for the bot is told by the end of the session.
      );
    return session;
  }

  #enter(channel: VoiceBasedChannel, noticesTo: string): Session | null {
    try {
      return this.#options.calls.enter(channel, noticesTo, null);
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

  async #tell(session: Session, viewer: Viewer & { readonly channelId: string }): Promise<void> {
    const { store, notices } = this.#options;
    const { guild } = viewer.member;
    const { known, settings } = await store.guild(guild.id);
    const voiceId = session.channelId;
    // When it comes by itself, the bot also reads the chat of the voice channel to which it comes.
    const listed = settings.channels.some(({ id }) => id === voiceId);
    const own = { id: voiceId, addedBy: 'join' as const };
    const channels = listed ? settings.channels : [...settings.channels, own];
    const arrival = arrivalOf(viewer, { voiceId, known, settings: { ...settings, channels } });
    const make = (t: Translate) => this.#options.message(guild, arrival, t);
    await notices.post(guild, [viewer.channelId, voiceId], make, 'arrival');
  }
}
