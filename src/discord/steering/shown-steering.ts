import type { Guild } from 'discord.js';
import { type Translate, translator } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { Session } from '../../speech/session.ts';
import { ToldOnce } from '../../speech/told-once.ts';
import { walled } from '../../walls.ts';
import type { MessageRef, TextWithRows } from '../interaction/answer.ts';
import type { Notices, Wording } from '../notices.ts';
import type { Calls } from '../presence/calls.ts';
import { type Act, noticeRows, steeringRows, withAct } from './steering-message.ts';

// Shows to everybody in the channel whether the bot is paused, and who has paused, skipped or stopped the speech.
// The newest answer to `/join` shows it; as that may be far up in the chat, a pause also has a notice, and so has a
// stop by which others lost lines. `steering.ts` does these things, `steering-message.ts` makes texts and buttons, and
// `steering-buttons.ts` answers presses.

export interface ShownSteeringOptions {
  readonly calls: Pick<Calls, 'placesFor' | 'session'>;
  readonly notices: Pick<Notices, 'edit' | 'post'>;
  readonly log: Logger;
}

/** A message with steering buttons, and its text without the line that tells the last act. */
interface SteeringMessage extends MessageRef {
  readonly text: string;
}

/** What is shown in one guild. */
interface GuildSteering {
  /** The newest answer to `/join`, whose buttons are kept up to date. */
  message: SteeringMessage | null;
  /** The notice that tells of the present pause; null while there is none. */
  notice: MessageRef | null;
  act: Act | null;
  /** The edit under way, and whether another one has to follow it. */
  editing: boolean;
  stale: boolean;
}

/** People are told of a pause again only when nobody has paused the speech for this long; a stop likewise. */
const QUIET_MS = 60_000;

/**
 * Keeps the newest message with steering buttons up to date, and tells of a pause in a notice of its own, because that
 * message may be far up in the chat. What Discord does not allow is left out; no method throws.
 */
export class ShownSteering {
  readonly #options: ShownSteeringOptions;
  readonly #guilds = new Map<string, GuildSteering>();
  readonly #told = new ToldOnce({ quietMs: QUIET_MS });

  constructor(options: ShownSteeringOptions) {
    this.#options = options;
  }

  /**
   * Returns a text with the steering buttons of a guild below it. The message is kept up to date from when it is shown.
   */
  below(guild: Guild, text: string, t: Translate): TextWithRows {
    const shown = this.#of(guild);
    const isPaused = this.#isPaused(guild);
    const act = isPaused && shown.act?.kind === 'paused' ? shown.act : null;
    shown.message = null;
    shown.act = act;
    return {
      text: withAct(text, act, t),
      rows: steeringRows(isPaused, t),
      onShown: ({ id, channelId }) => {
        shown.message = { id, channelId, text };
        // Somebody may have used a command while the message was on its way.
        if (shown.act !== act || this.#isPaused(guild) !== isPaused) this.#refresh(guild);
      },
    };
  }

  /**
   * Has a message with steering buttons kept up to date, unless there is a newer one: after a restart no message is
   * known before somebody presses one of its buttons.
   */
  adopt(guild: Guild, message: SteeringMessage): void {
    const shown = this.#of(guild);
    shown.message ??= { ...message, text: withAct(message.text, null, translator(guild.preferredLocale)) };
  }

  /** Returns a message with steering buttons as it is now, to take the place of one whose button was pressed. */
  now(guild: Guild, text: string): TextWithRows {
    const t = translator(guild.preferredLocale);
    return {
      text: withAct(text, this.#of(guild).act, t),
      rows: steeringRows(this.#isPaused(guild), t),
    };
  }

  paused(
    guild: Guild,
    { userId, session, pressed }: { userId: string; session: Session; pressed: string | undefined },
  ): void {
    this.#acted(guild, { kind: 'paused', userId, count: 0 }, pressed);
    void this.#tellOfPause(guild, userId);
    // A pause also ends when the bot is called elsewhere or leaves, and the message should not offer to resume then.
    void session.pauseOver.then(() => this.#over(guild));
  }

  resumed(guild: Guild, { userId, pressed }: { userId: string; pressed: string | undefined }): void {
    const shown = this.#of(guild);
    shown.act = null;
    this.#refresh(guild, pressed);
    const { notice } = shown;
    shown.notice = null;
    if (notice && notice.id !== pressed)
      void this.#options.notices.edit(guild, notice, { text: this.resumedText(guild, userId), rows: [] });
  }

  /** Returns what the notice of a pause says when the pause is over. */
  resumedText(guild: Guild, userId: string): string {
    return translator(guild.preferredLocale)('resume.told', { who: `<@${userId}>` });
  }

  skipped(guild: Guild, userId: string): void {
    this.#acted(guild, { kind: 'skipped', userId, count: 0 });
  }

  /**
   * `ofOthers` tells whether lines of other people were dropped; these people are told. `goesOn` tells whether only the
   * person's own lines were, and the bot goes on with others.
   */
  stopped(
    guild: Guild,
    {
      userId,
      count,
      ofOthers,
      goesOn,
    }: { userId: string; count: number; ofOthers: boolean; goesOn: boolean },
  ): void {
    this.#acted(guild, { kind: goesOn ? 'dropped' : 'stopped', userId, count });
    if (ofOthers) void this.#tell(guild, { key: 'stop.told', params: { who: `<@${userId}>`, count } });
  }

  async #tellOfPause(guild: Guild, userId: string): Promise<void> {
    const words = { key: 'pause.told', params: { who: `<@${userId}>` } } as const;
    const notice = await this.#tell(guild, words, noticeRows);
    if (notice && this.#isPaused(guild)) this.#of(guild).notice = notice;
  }

  /** Tells people something once in a while. Resolves with the message; null if none was sent. Never rejects. */
  #tell(
    guild: Guild,
    { key, params }: Wording,
    rows?: (t: Translate) => TextWithRows['rows'],
  ): Promise<MessageRef | null> {
    const { calls, notices } = this.#options;
    if (!this.#told.isNews(`${guild.id} ${key}`)) return Promise.resolve(null);
    return notices.post(
      guild,
      calls.placesFor(guild.id),
      t => ({
        text: t(key, params),
        rows: rows?.(t) ?? [],
      }),
      key,
    );
  }

  #acted(guild: Guild, act: Omit<Act, 'at'>, pressed?: string): void {
    this.#of(guild).act = { ...act, at: Date.now() };
    this.#refresh(guild, pressed);
  }

  #over(guild: Guild): void {
    const shown = this.#of(guild);
    shown.notice = null;
    if (shown.act?.kind !== 'paused') return;
    shown.act = null;
    this.#refresh(guild);
  }

  /** Brings the message up to date, unless it is the one with the id `pressed`, whose answer does that. */
  #refresh(guild: Guild, pressed?: string): void {
    const shown = this.#of(guild);
    if (!shown.message || shown.message.id === pressed) return;
    shown.stale = true;
    if (!shown.editing) void walled(this.#options.log, 'steering buttons', () => this.#edit(guild, shown));
  }

  /** Edits the message until it is up to date, one edit after another. */
  async #edit(guild: Guild, shown: GuildSteering): Promise<void> {
    shown.editing = true;
    try {
      while (shown.stale && shown.message) {
        shown.stale = false;
        const { message } = shown;
        const done = await this.#options.notices.edit(guild, message, this.now(guild, message.text));
        if (!done && shown.message === message) shown.message = null;
      }
    } finally {
      shown.editing = false;
    }
  }

  #isPaused({ id }: Guild): boolean {
    return this.#options.calls.session(id)?.paused === true;
  }

  #of({ id }: Guild): GuildSteering {
    const known = this.#guilds.get(id);
    if (known) return known;
    const fresh = { message: null, notice: null, act: null, editing: false, stale: false };
    this.#guilds.set(id, fresh);
    return fresh;
  }
}
