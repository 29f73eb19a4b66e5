import { type Client, escapeMarkdown, type Message } from 'discord.js';
import type { Logger } from '../../log.ts';
import type { DropNotices, DroppedMessage } from '../../speech/drop-notices.ts';
import type { FailedVoice } from '../../speech/line.ts';
import type { ReasonBook } from '../../speech/reason-book.ts';
import { type Reason, Unsaid } from '../../speech/reasons.ts';
import type { Session } from '../../speech/session.ts';
import type { GuildRecord } from '../../store/store.ts';
import { walled } from '../../walls.ts';
import type { LineMaker } from '../lines/line-maker.ts';
import { withoutAddress } from '../lines/message-parts.ts';
import type { Notices } from '../notices.ts';
import type { GoneNotices } from '../voices/gone-notices.ts';
import { FailureMarks } from './failure-marks.ts';
import { type Incoming, placeOf } from './incoming.ts';
import type { ReadNotes } from './read-marks.ts';

// Has a chat message said that `reader.ts` has decided to read: queues its line in the speech session, and notes and
// tells what becomes of it. `lines/line-maker.ts` makes the spoken line of its words.

export interface MessageLinesOptions {
  readonly client: Client;
  readonly lineMaker: LineMaker;
  readonly gone: GoneNotices;
  readonly reasons: ReasonBook;
  readonly notices: Notices;
  readonly drops: DropNotices;
  /** Notes how far chat was read, for other processes. */
  readonly marks: ReadNotes;
  readonly log: Logger;
}

/** How a message is read. */
interface Reading {
  /** See `Line`. */
  readonly missed: boolean;
  /** What was known of the guild when it was decided that the message is read. */
  readonly record: GuildRecord;
  readonly session: Session;
}

export class MessageLines {
  readonly #options: MessageLinesOptions;
  readonly #failureMarks: FailureMarks;

  constructor(options: MessageLinesOptions) {
    this.#options = options;
    this.#failureMarks = new FailureMarks(options.log);
  }

  /** Queues a message that is to be read. Returns null when it is queued, else the reason why not. */
  queue(arrived: Incoming, { missed, record, session }: Reading): Reason | null {
    const { client, lineMaker, reasons, drops, marks, log } = this.#options;
    const { message, author, speaker, written, writers, notBefore } = arrived;
    const { guild, channelId, id } = message;
    const place = placeOf(message, author);
    try {
      // In a flood most messages find no room. They are refused before any work is done for their words.
      session.conversation.checkRoom(speaker.id, missed);
      const made = lineMaker.draft(
        {
          guild,
          channelId,
          author: speaker,
          writers,
          roleIds: author.roleIds,
          written: withoutAddress(written, client.user?.id),
          voice: undefined,
        },
        record,
      );
      if (typeof made === 'string') return made;
      session.conversation.say({
        ...made.draft,
        source: 'chat',
        ...(notBefore !== undefined && { notBefore }),
        missed,
        messageId: id,
        channelId,
        onBegun: () => marks.decided(message),
        onFailed: error => {
          const isLeft = error.key === 'restarting' && marks.isLeft(message, 'restarting');
          if (!isLeft) void drops.failed(this.#dropped(message, session), error);
        },
        onVoiceGone: failed =>
          void walled(log, 'a missing voice told', () => this.#tellGone(message, failed, record)),
        onOutcome: reason => {
          reasons.note(place, reason);
          if (reason !== null && marks.isLeft(message, reason)) return;
          marks.decided(message);
          void this.#failureMarks.ended(message, reason, record.settings);
        },
      });
      return null;
    } catch (error) {
      if (!(error instanceof Unsaid)) throw error;
      if (!marks.isLeft(message, error.reason)) void drops.refused(this.#dropped(message, session), error);
      void this.#failureMarks.refused(message, error.reason, record.settings);
      return error.reason;
    }
  }

  /** Tells the author, in the channel where they wrote, that nothing can be said in their voice. */
  async #tellGone(message: Message<true>, failed: FailedVoice, { settings }: GuildRecord): Promise<void> {
    const { gone, notices } = this.#options;
    const { guildId, author } = message;
    const notice = gone.next({
      guildId,
      userId: author.id,
      ...failed,
      settings,
    });
    if (!notice) return;
    const { guild, channelId } = message;
    const to = [`<@${author.id}>`];
    await notices.linesInChannel(guild, [channelId], [{ ...notice, to }]);
  }

  /** What `DropNotices` needs to tell people that a message was not said: whose it is, and how to tell them. */
  #dropped(
    { guild, guildId, channelId, author, webhookId }: Message<true>,
    { hindrance }: Session,
  ): DroppedMessage {
    const { notices, log } = this.#options;
    return {
      held: hindrance !== null,
      guildId,
      channelId,
      userId: author.id,
      who: webhookId === null ? `<@${author.id}>` : `**${escapeMarkdown(author.displayName)}**`,
      tell: lines => void walled(log, 'a drop told', () => notices.linesInChannel(guild, [channelId], lines)),
    };
  }
}
