import type { OwnVoiceState } from '../call/call-connection.ts';
import { CallLink } from '../call/link.ts';
import type { UserError } from '../errors.ts';
import { insist } from '../walls.ts';
import { Company } from './company.ts';
import { Conversation } from './conversation.ts';
import { Earshot } from './earshot.ts';
import type { Hindrance } from './floor.ts';
import { LastWords } from './last-words.ts';
import type { SessionOptions } from './session-options.ts';

// The bot in one guild's voice channel, from joining to leaving: ties together the connection (`src/call/link.ts`), the
// people there (`company.ts`), what is said (`conversation.ts`) and its end (`last-words.ts`). `registry.ts` opens
// sessions.

/** What others than the session may do with its conversation. */
type Talk = Pick<Conversation, 'lines' | 'secondsLeft' | 'checkRoom' | 'say' | 'skip' | 'stop' | 'drop'>;

/** It joins when it is made; `ended` tells its end. */
export class Session {
  readonly #options: SessionOptions;
  readonly #company: Company;
  readonly #conversation: Conversation;
  readonly #earshot: Earshot;
  readonly #link: CallLink;
  readonly #lastWords: LastWords;
  readonly #ended = Promise.withResolvers<void>();
  #wasIn = false;
  /** Resolves when the newest pause is over. */
  #pause = Promise.withResolvers<void>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#lastWords = new LastWords({
      speaking: () => this.#conversation.speaking,
      leave: () => this.close(),
      log: options.log,
    });
    this.#company = new Company({
      count: () => options.company(this.channelId),
      leaveAfterMs: options.leaveAfterMs,
      onDeserted: () => this.#lastWords.deserted(),
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
      place: () => this.channelId,
      over: () => this.over,
      listened: () => this.#company.listens,
      hindrance: () => this.#earshot.hindrance,
      reached: () => this.#earshot.reached,
      onQuiet: () => this.#lastWords.quiet(),
      onPlayerFault: error => this.#link.fault(error),
    });
    this.#link = new CallLink({
      guildId: options.guildId,
      channelId: options.channelId,
      adapterCreator: options.adapterCreator,
      departures: options.departures,
      alone: () => this.#company.absent,
      onAudible: connection => this.#earshot.connected(connection),
      onMoved: channelId => {
        options.onMoved(channelId);
        this.#moved();
      },
      onTrouble: why => options.notify(why),
      onRejoin: () => {
        options.tally.rejoins += 1;
      },
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

  /** Resolves when the bot is in its channel; rejects with a UserError that says why it could not join. */
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

  /** Whether people are with the bot. */
  get listens(): boolean {
    return this.#company.listens;
  }

  /** Whether the session has ended or is ending, so that nothing more can be said here. */
  get over(): boolean {
    return this.#link.over;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get paused(): boolean {
    return this.#conversation.player.paused;
  }

  /** Why nobody would hear the bot now, so that lines wait and nothing is paid for; null if people would hear it. */
  get hindrance(): Hindrance | null {
    return this.#earshot.hindrance;
  }

  /** What is said here: lines are given to it, and are silenced there. */
  get conversation(): Talk {
    return this.#conversation;
  }

  status(): ReturnType<CallLink['status']> {
    return this.#link.status();
  }

  pause(): void {
    if (!this.paused) this.#pause = Promise.withResolvers();
    this.#conversation.player.pause();
    this.#earshot.paused(true);
  }

  resume(): void {
    this.#conversation.player.resume();
    this.#earshot.paused(false);
    this.#pause.resolve();
  }

  /**
   * Resolves when the present pause is over: somebody ends it or calls the bot to another channel, or the bot leaves.
   */
  get pauseOver(): Promise<void> {
    return this.#pause.promise;
  }

  /**
   * Moves to another voice channel of the guild, to which somebody calls the bot; lines that wait are heard there. A
   * pause is over then: those who wanted it are in the former channel, or gone.
   */
  move(channelId: string): void {
    if (this.paused) this.resume();
    this.#options.log.info({ from: this.channelId, channelId }, 'moves to another voice channel, as asked');
    this.#link.move(channelId);
    this.#moved();
  }

  /**
   * Call this when somebody came or went. When the last person leaves, the part of the present line that has
   * been synthesised is still said, since people may only have lost their connection. No other line begins, nothing is
   * paid for, and after a while the bot leaves.
   */
  companyChanged(): void {
    this.#listenersChanged({ newcomers: this.#company.changed() });
  }

  /** Whether the bot's own voice state, as the gateway tells it, agrees with where this session is or is going. */
  isAt(own: OwnVoiceState | null): boolean {
    return this.#link.isAt(own);
  }

  /** The gateway's session was lost: keeps all lines and waits until `rejoin`. See `CallLink.hold`. */
  hold(present: boolean): void {
    this.#link.hold(present);
  }

  /** Ends the wait of `hold`, and joins the channel anew. */
  rejoin(): void {
    this.#link.rejoin();
  }

  /** Takes no more lines, lets the line being heard end within `limitMs`, leaves, and resolves when that is done. */
  async drain(limitMs: number): Promise<void> {
    this.#conversation.drain();
    this.#lastWords.drain(limitMs);
    await this.ended;
  }

  /** Leaves at once; all lines are dropped. */
  close(): void {
    this.#link.leave();
  }

  /** Call this when the voice channel was deleted. */
  channelGone(): void {
    this.#link.channelGone();
  }

  /** Call this when the bot's own voice state or permissions may have changed. */
  hearingChanged(): void {
    this.#earshot.look();
  }

  #moved(): void {
    this.#company.restart();
    this.#earshot.look();
    this.#listenersChanged({ newcomers: true });
  }

  #listenersChanged(change: { newcomers: boolean }): void {
    this.#link.refresh();
    if (this.#company.listens) this.#lastWords.listened();
    this.#conversation.listenersChanged(change);
  }

  #end(error: UserError | null): void {
    this.#lastWords[Symbol.dispose]();
    this.#company[Symbol.dispose]();
    this.#earshot[Symbol.dispose]();
    const { current, waiting } = this.#conversation.lines;
    // People who used a command get an answer to it; people who wrote in chat have to be told by a notice.
    const awaited = [current, ...waiting].some(line => line?.source === 'chat');
    const { log, onEnded } = this.#options;
    const end = { error, wasIn: this.#wasIn, awaited, draining: this.#lastWords.draining };
    insist(log, 'end of a conversation', () =>
      this.#conversation.close(error && !this.#wasIn ? 'not-joined' : 'left'),
    );
    insist(log, 'end of a session', () => onEnded(end));
    this.#pause.resolve();
    this.#ended.resolve();
  }
}
