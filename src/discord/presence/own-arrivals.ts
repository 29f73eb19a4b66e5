import type { GuildMember, VoiceBasedChannel } from 'discord.js';
import { translator } from '../../locale/catalogue.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import { walled } from '../../walls.ts';
import type { Logger } from '../../log.ts';
import type { ShownSteering } from '../steering/shown-steering.ts';
import { arrivalText } from '../interaction/arrival-text.ts';
import type { Viewer } from '../seeing.ts';
import type { Calls } from './calls.ts';
import type { Notices } from './notices.ts';
import { readChannelsFor } from './read-report.ts';

export interface OwnArrivalsOptions {
  readonly calls: Pick<Calls, 'comeTo' | 'session'>;
  readonly store: Pick<Store, 'guild'>;
  readonly notices: Pick<Notices, 'post'>;
  readonly shown: ShownSteering;
  /** Tells whether Discord lets the bot see what people write. */
  readonly contentVisible: () => boolean;
  readonly log: Logger;
}

/**
 * Brings the bot into voice channels without a command, for example because somebody writes where it reads, and tells
 * people there what the answer to `/join` would have told them.
 */
export class OwnArrivals {
  readonly #options: OwnArrivalsOptions;

  constructor(options: OwnArrivalsOptions) {
    this.#options = options;
  }

  /**
   * Begins to bring the bot to `channel`, and returns the session, or null if it does not come (see `Calls.comeTo`,
   * also for `since`). When it is there, people are told in the text channel `channelId`, unless it was there already.
   * `member` is the person because of whom it comes; no channel is named that they do not see.
   */
  come(
    channel: VoiceBasedChannel,
    { member, channelId, since }: { member: GuildMember | null; channelId: string; since?: number },
  ): Session | null {
    const { calls, log } = this.#options;
    const before = calls.session(channel.guild.id)?.channelId;
    const session = calls.comeTo(channel, channelId, since);
    if (session && session.channelId !== before && member)
      session.joined.then(
        () => walled(log, 'an arrival told', () => this.#tell(session, { member, channelId })),
        () => {}, // Whoever waits for the bot is told by the end of the session.
      );
    return session;
  }

  async #tell(session: Session, viewer: Viewer & { readonly channelId: string }): Promise<void> {
    const { store, notices, shown, contentVisible } = this.#options;
    const { guild } = viewer.member;
    const { known, settings } = await store.guild(guild.id);
    const voiceId = session.channelId;
    // When it comes by itself, the bot also reads the chat of the voice channel to which it comes.
    const listed = settings.channels.some(({ id }) => id === voiceId);
    const own = { id: voiceId, addedBy: 'join' as const };
    const channels = listed ? settings.channels : [...settings.channels, own];
    const arrival = {
      voiceId,
      known,
      contentVisible: contentVisible(),
      ...readChannelsFor(guild, viewer, { channels, voiceId }),
    };
    const t = translator(guild.preferredLocale);
    const message = shown.below(guild, arrivalText(arrival, t), t);
    const sent = await notices.post(guild, [viewer.channelId, voiceId], () => message, 'arrival');
    if (sent) message.onShown?.(sent);
  }
}
