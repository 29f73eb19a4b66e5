import { Cushion, PacketRoom } from '../audio/cushion.ts';
import { Player } from '../audio/player.ts';
import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';
import type { Fish } from '../fish/fish.ts';
import type { TtsRequest } from '../fish/protocol.ts';
import type { Logger } from '../log.ts';
import { type LinkOptions, VoiceLink } from '../voice/link.ts';
import { explain } from './failures.ts';
import type { Line, QueuedLine } from './line.ts';
import { SpeechQueue } from './queue.ts';
import { synthesise } from './synthesis.ts';

export interface SessionOptions {
  readonly guildId: string;
  readonly channelId: string;
  readonly adapterCreator: LinkOptions['adapterCreator'];
  /** Who is in a voice channel, the bot not counted, by the gateway's voice states. */
  readonly company: (channelId: string) => { humans: number; others: number };
  /** Tells the server's people, once, that the session has ended and why. */
  readonly notify: (text: string) => void;
  readonly fish: Fish;
  /** What every request starts from: the process's voice and latency. */
  readonly request: Partial<TtsRequest>;
  /** How long the bot stays in a channel without people, in ms. */
  readonly leaveAfterMs: number;
  readonly log: Logger;
}

/** While there is plenty to hear, whether to synthesise ahead is looked at again after this. */
const AHEAD_AGAIN_MS = 250;
/** A second of the line has been heard. */
const UNDER_WAY_PACKETS = 50;

/** Told to whoever asks for speech while the process is being stopped. */
export const RESTARTING = 'I am being restarted. Please try again in a minute.';

/** Why a line fell silent before its end; nobody needs to be told, somebody asked for it. */
class Silenced extends Error {
  override readonly name = 'Silenced';
}

/**
 * The conversation of one guild: being in its voice channel, and saying one line after another while the next
 * is already being synthesised. It is born joining and ends by itself: `ended`.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #queue = new SpeechQueue();
  readonly #room = new PacketRoom();
  readonly #player = new Player();
  readonly #link: VoiceLink;
  readonly #ended = Promise.withResolvers<void>();
  readonly #closing = new AbortController();
  #current: QueuedLine | null = null;
  #wake = Promise.withResolvers<void>();
  #leaveTimer: NodeJS.Timeout | undefined;
  #aheadTimer: NodeJS.Timeout | undefined;
  #draining = false;
  #wasIn = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#link = new VoiceLink({
      guildId: options.guildId,
      channelId: options.channelId,
      adapterCreator: options.adapterCreator,
      alone: () => options.company(this.channelId).others === 0,
      onAudible: connection => this.#player.connect(connection),
      onMoved: () => this.companyChanged(),
      log: options.log,
    });
    this.#link.joined.then(
      () => {
        this.#wasIn = true;
      },
      () => {},
    );
    void this.#link.ended.then(error => this.#end(error));
    this.companyChanged();
    void this.#run();
  }

  get guildId(): string {
    return this.#options.guildId;
  }

  get channelId(): string {
    return this.#link?.channelId ?? this.#options.channelId;
  }

  /** Resolves once the bot is in its channel; rejects with a UserError that says why not. */
  get joined(): Promise<void> {
    return this.#link.joined;
  }

  /** It has ended or is about to: nothing more can be said here. */
  get over(): boolean {
    return this.#link.over;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get paused(): boolean {
    return this.#player.paused;
  }

  /** The line being heard, and those that wait, in order. */
  get lines(): { current: Line | null; waiting: readonly Line[] } {
    return { current: this.#current?.line ?? null, waiting: this.#queue.waiting };
  }

  status(): ReturnType<VoiceLink['status']> {
    return this.#link.status();
  }

  /** Queues a line; returns how many will be heard before it. Throws a UserError when no more may wait. */
  say(line: Line): number {
    if (this.#draining) throw new UserError(RESTARTING);
    const before = this.#queue.push(line) + (this.#current ? 1 : 0);
    this.#changed();
    return before;
  }

  /** Silences the line being heard; returns it, or null when nothing is being said. */
  skip(): Line | null {
    const current = this.#current;
    current?.controller.abort(new Silenced());
    return current?.line ?? null;
  }

  /** Silences all; returns how many lines were dropped. */
  stop(): number {
    const dropped = this.#queue.clear(new Silenced());
    return dropped + (this.skip() ? 1 : 0);
  }

  pause(): void {
    this.#player.pause();
  }

  resume(): void {
    this.#player.resume();
  }

  /** Moves to another channel of the guild; what is queued is heard there. */
  move(channelId: string): void {
    this.#link.move(channelId);
    clearTimeout(this.#leaveTimer);
    this.#leaveTimer = undefined;
    this.companyChanged();
  }

  /** Somebody came or went. Without people the session finishes its sentence, stops paying and leaves. */
  companyChanged(): void {
    this.#link.refresh();
    if (this.#hasListeners()) {
      clearTimeout(this.#leaveTimer);
      this.#leaveTimer = undefined;
      this.#changed();
      return;
    }
    const next = this.#queue.next;
    if (next?.cushion) {
      next.controller.abort(new Silenced());
      next.controller = new AbortController();
      next.cushion = null;
    }
    this.#leaveTimer ??= setTimeout(() => this.close(), this.#options.leaveAfterMs);
  }

  /** Takes no more, finishes the line being heard within `limitMs`, and leaves. */
  async drain(limitMs: number): Promise<void> {
    this.#draining = true;
    this.#queue.clear(new Silenced());
    const timer = setTimeout(() => this.close(), limitMs);
    if (!this.#current || this.paused) this.close();
    await this.ended;
    clearTimeout(timer);
  }

  /** Leaves now; what is queued is dropped. */
  close(): void {
    this.#link.leave();
  }

  #hasListeners(): boolean {
    return this.#options.company(this.channelId).humans > 0;
  }

  #changed(): void {
    this.#synthesiseAhead();
    this.#wake.resolve();
  }

  /** Says the queue, line by line, until the session ends. */
  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#current = this.#hasListeners() && !this.#draining ? (this.#queue.shift() ?? null) : null;
      if (!this.#current) {
        if (this.#draining) this.close();
        this.#wake = Promise.withResolvers();
        await this.#wake.promise;
        continue;
      }
      this.#synthesiseAhead();
      await this.#say(this.#current);
      this.#current = null;
    }
  }

  /** The line through the house: text → Fish Audio → Ogg → 20 ms Opus packets → cushion → player → voice. */
  async #say(item: QueuedLine): Promise<void> {
    try {
      await this.#player.play(this.#synthesised(item), { signal: item.controller.signal });
    } catch (error) {
      if (error instanceof Silenced) return;
      if (!(error instanceof FishError)) this.#options.log.error({ err: error }, 'a line failed');
      item.line.onFailed(explain(error));
    } finally {
      item.controller.abort(new Silenced());
    }
  }

  /** The line being heard and the one after it are synthesised; the latter only while somebody listens. */
  #synthesiseAhead(): void {
    if (this.#closing.signal.aborted) return;
    if (this.#current) this.#synthesised(this.#current);
    const { next } = this.#queue;
    if (!next || next.cushion || !this.#hasListeners()) return;
    clearTimeout(this.#aheadTimer);
    if (this.#mayGoAhead()) this.#synthesised(next);
    else this.#aheadTimer = setTimeout(() => this.#synthesiseAhead(), AHEAD_AGAIN_MS);
  }

  /**
   * With the line being heard all in hand, or well under way where Fish is slow; not while there is plenty to
   * hear, perhaps paused: one more would fill the memory, and hold its Fish slot until people have listened.
   */
  #mayGoAhead(): boolean {
    const heard = this.#current?.cushion;
    if (this.#room.plenty) return false;
    return !heard || heard.filled || (heard.played > UNDER_WAY_PACKETS && !this.paused);
  }

  #synthesised(item: QueuedLine): Cushion {
    if (item.cushion) return item.cushion;
    const { fish, guildId, log, request } = this.#options;
    const { line, controller } = item;
    const utterance = {
      lane: guildId,
      text: line.text,
      request: line.voice === undefined ? request : { ...request, referenceId: line.voice },
    };
    const packets = synthesise(fish, utterance, { signal: controller.signal, log });
    item.cushion = new Cushion(packets, { room: this.#room, signal: controller.signal });
    void item.cushion.done.then(() => this.#synthesiseAhead());
    return item.cushion;
  }

  #end(error: UserError | null): void {
    clearTimeout(this.#leaveTimer);
    clearTimeout(this.#aheadTimer);
    this.#closing.abort();
    this.stop();
    this.#player[Symbol.dispose]();
    this.#wake.resolve();
    if (error && this.#wasIn) this.#options.notify(error.message);
    this.#ended.resolve();
  }
}
