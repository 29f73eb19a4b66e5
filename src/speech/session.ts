import type { UserError } from '../errors.ts';
import type { OwnVoiceState } from '../call/call-connection.ts';
import { CallLink } from '../call/link.ts';
import { Company } from './company.ts';
import { Conversation } from './conversation.ts';
import { Earshot } from './earshot.ts';
import type { Hindrance } from './floor.ts';
import type { Line } from './line.ts';
import { type Reason, Unsaid } from './reasons.ts';
import type { SessionOptions } from './session-options.ts';
import { insist, later } from '../walls.ts';

/** When nobody has come back for long enough, the line being heard may end within this. */
const LAST_WORDS_MS = 8_000;

/**
 * Being in one guild's voice channel, and the conversation there. It is born joining and ends by itself: `ended`.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #company: Company;
  readonly #conversation: Conversation;
  readonly #earshot: Earshot;
  readonly #link: CallLink;
  readonly #ended = Promise.withResolvers<void>();
  /** Set while nothing but the line being heard is left to be said. */
  #lastWords: NodeJS.Timeout | undefined;
  #draining = false;
  #wasIn = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#company = new Company({
      count: () => options.company(this.channelId),
      leaveAfterMs: options.leaveAfterMs,
      onDeserted: () => this.#closeAfterLine(LAST_WORDS_MS),
      log: options.log,
    });
    this.#earshot = new Earshot({
      hindrance: () => options.hindrance(this.channelId),
      onConnection: connection => this.#conversation.player.connect(connection),
      onChange: () => this.#conversation.hearingChanged(),
      log: options.log,
    });
    this.#conversation = new Conversation({
      ...options,
      listened: () => this.#company.listens,
      hindrance: () => this.#earshot.hindrance,
      reached: () => this.#earshot.reached,
      onQuiet: () => {
        if (this.#lastWords) this.close();
      },
      onPlayerFault: error => this.#link.fault(error),
    });
    this.#link = new CallLink({
      guildId: options.guildId,
      channelId: options.channelId,
      adapterCreator: options.adapterCreator,
      alone: () => this.#company.absent,
      onAudible: connection => this.#earshot.connected(connection),
      onMoved: channelId => {
        options.onMoved(channelId);
        this.#moved();
      },
      onTrouble: why => options.notify(why),
      log: options.log,
    });
    this.#link.joined.then(
      () => {
        this.#wasIn = true;
      },
      () => {},
    );
    void this.#link.ended.then(error => this.#end(error));
  }

  get guildId(): string {
    return this.#options.guildId;
  }

  get channelId(): string {
    return this.#link?.channelId ?? this.#options.channelId;
  }

  /** Resolves once the bot is in its channel; rejects with a UserError that says why not. */
  get joined(): Promise<void> {
    return this.#link.joined.then(async () => void (await this.#options.kept()));
  }

  /**
   * Resolves once the bot is in its channel and it is known whether people can hear it there, which `trouble` tells;
   * rejects as `joined` does.
   */
  async settled(): Promise<void> {
    await this.joined;
    await this.#link.settled();
  }

  /** Why the connection lets nobody hear the bot, which may take minutes; null where it does, or soon will. */
  get trouble(): UserError | null {
    return this.#link.trouble;
  }

  /** It has ended or is about to: nothing more can be said here. */
  get over(): boolean {
    return this.#link.over;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get paused(): boolean {
    return this.#conversation.player.paused;
  }

  /** Why nobody would hear the bot now: what is to be said is held, and nothing is paid for. */
  get hindrance(): Hindrance | null {
    return this.#earshot.hindrance;
  }

  /** The line being heard, and those that wait, in the order they will be heard. */
  get lines(): { current: Line | null; waiting: readonly Line[] } {
    return this.#conversation.lines;
  }

  status(): ReturnType<CallLink['status']> {
    return this.#link.status();
  }

  /**
   * Queues a line; returns how many will be heard before it, or before the line of the same person that it joined.
   * Throws Unsaid when it is not taken, and then tells nobody else.
   */
  say(line: Line): number {
    if (this.over) throw new Unsaid('not-here', 'not-in-voice');
    return this.#conversation.say(line);
  }

  /** Silences the line being heard; returns it, or null when nothing is being said. */
  skip(): Line | null {
    return this.#conversation.skip();
  }

  /** Silences all, or what one person said; returns how many messages were dropped. */
  stop(userId?: string): number {
    return this.#conversation.stop(userId);
  }

  /** Silences what somebody wrote: their chat, and their messages that others have read aloud. */
  dropWritten(userId: string, reason: Reason): void {
    this.#conversation.drop(reason, ({ source, messageId, ...line }) => {
      if (source === 'chat') return line.userId === userId;
      return messageId !== undefined && line.speakerId === userId && line.userId !== userId;
    });
  }

  /** Silences messages that are no more. */
  dropMessages(messageIds: ReadonlySet<string>): void {
    this.#conversation.drop(
      'deleted',
      ({ messageId }) => messageId !== undefined && messageIds.has(messageId),
    );
  }

  /** Silences the messages of channels that are no more. */
  dropChannels(channelIds: ReadonlySet<string>): void {
    this.#conversation.drop(
      'deleted',
      ({ channelId }) => channelId !== undefined && channelIds.has(channelId),
    );
  }

  pause(): void {
    this.#conversation.player.pause();
    this.#earshot.paused(true);
  }

  resume(): void {
    this.#conversation.player.resume();
    this.#earshot.paused(false);
  }

  /** Moves to another channel of the guild; what is queued is heard there. */
  move(channelId: string): void {
    this.#link.move(channelId);
    this.#moved();
  }

  /**
   * Somebody came or went. When the last person leaves, what has been synthesised of the line being heard goes on, for
   * people lose their connection and come back; nothing else is begun or paid for, and in time the session leaves.
   */
  companyChanged(): void {
    this.#listenersChanged({ newcomers: this.#company.changed() });
  }

  /** It is in its channel, or on the way there, as the gateway sees it. */
  isAt(own: OwnVoiceState | null): boolean {
    return this.#link.isAt(own);
  }

  /** The gateway's session was lost: waits with all that is queued, until `rejoin`. See `CallLink.hold`. */
  hold(present: boolean): void {
    this.#link.hold(present);
  }

  /** Ends the wait, and joins its channel anew. */
  rejoin(): void {
    this.#link.rejoin();
  }

  /** Takes no more, finishes the line being heard within `limitMs`, and leaves. */
  async drain(limitMs: number): Promise<void> {
    this.#draining = true;
    this.#conversation.drain();
    this.#closeAfterLine(limitMs);
    await this.ended;
  }

  /** Leaves now; what is queued is dropped. */
  close(): void {
    this.#link.leave();
  }

  /** Its channel was deleted. */
  channelGone(): void {
    this.#link.channelGone();
  }

  /** What Discord tells of the bot's own voice state or permissions may have changed. */
  hearingChanged(): void {
    this.#earshot.look();
  }

  #closeAfterLine(limitMs: number): void {
    clearTimeout(this.#lastWords);
    this.#lastWords = later(this.#options.log, 'last words', limitMs, () => this.close());
    if (!this.#conversation.speaking) this.close();
  }

  #moved(): void {
    this.#company.restart();
    this.#earshot.look();
    this.#listenersChanged({ newcomers: true });
  }

  #listenersChanged(change: { newcomers: boolean }): void {
    this.#link.refresh();
    if (this.#company.listens && !this.#draining) {
      clearTimeout(this.#lastWords);
      this.#lastWords = undefined;
    }
    this.#conversation.listenersChanged(change);
  }

  #end(error: UserError | null): void {
    clearTimeout(this.#lastWords);
    this.#company[Symbol.dispose]();
    this.#earshot[Symbol.dispose]();
    const { current, waiting } = this.#conversation.lines;
    // Whoever used a command is answered; those who wrote in chat meanwhile have nobody else to tell them.
    const awaited = [current, ...waiting].some(line => line?.source === 'chat');
    const { log, onEnded } = this.#options;
    const end = { error, wasIn: this.#wasIn, awaited, draining: this.#draining };
    insist(log, 'end of a conversation', () =>
      this.#conversation.close(error && !this.#wasIn ? 'not-joined' : 'left'),
    );
    insist(log, 'end of a session', () => onEnded(end));
    this.#ended.resolve();
  }
}
