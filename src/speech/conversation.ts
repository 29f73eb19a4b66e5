import { setTimeout as sleep } from 'node:timers/promises';
import { Player } from '../audio/player.ts';
import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';
import { Ahead } from './ahead.ts';
import { explain, reasonFor } from './failures.ts';
import { Floor, type Hindrance } from './floor.ts';
import type { Line } from './line.ts';
import { type QueuedLine, Silenced, type Which } from './queued-line.ts';
import { SpeechQueue } from './queue.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { Repeats } from './repeats.ts';
import { SoundMaker, type SoundOptions } from './sound.ts';
import { Tap } from './tap.ts';
import { later, walled } from '../walls.ts';

/** After a fault between two lines the next is begun so much later. */
const FAULT_PAUSE_MS = 1_000;

export interface ConversationOptions extends SoundOptions {
  /** Somebody is there to listen. */
  readonly listened: () => boolean;
  /** Why nobody would hear the bot: then nothing is begun or paid for either. */
  readonly hindrance: () => Hindrance | null;
  /** Whether what is synthesised now will be heard, if somebody is there: see `Earshot`. */
  readonly reached: () => boolean;
  /** Nothing is being said, and nothing can be said now. */
  readonly onQuiet: () => void;
  /** Tells the server's people, once a day, that chat is read no more. */
  readonly notify: (why: UserError) => void;
  /** What failed while a packet was prepared or sent: the voice connection is to be made anew. */
  readonly onPlayerFault: (error: unknown) => void;
  /** A line was refused by Fish Audio or failed there. */
  readonly onTrouble: () => void;
}

/** Reasons for which nothing more is said on that day, or for a while. */
const OF_THE_DAY: ReadonlySet<Reason> = new Set(['server-cap', 'budget', 'budget-unknown']);

/** People lose their connection and come back within this; Fish Audio is not to be held much longer for nobody. */
const DESERTED_MS = 600;

/** There has to be room for so much, or an answer that is still to be written need not be begun. */
const A_SENTENCE_BYTES = 100;

/** What is said in one guild: one line after another, while the next is already being synthesised. */
export class Conversation {
  readonly player: Player;
  readonly #options: ConversationOptions;
  readonly #queue = new SpeechQueue();
  readonly #repeats = new Repeats();
  readonly #floor: Floor;
  readonly #ahead: Ahead;
  /** Shut while nobody would hear what comes of the words that are sent. */
  readonly #tap: Tap;
  #current: QueuedLine | null = null;
  #wake = Promise.withResolvers<void>();
  #deserted: NodeJS.Timeout | undefined;
  #state: 'open' | 'draining' | 'closed' = 'open';

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.player = new Player(options.onPlayerFault);
    this.#floor = new Floor({
      listened: options.listened,
      hindrance: options.hindrance,
      circuit: options.fish.circuit,
      log: options.log,
      onChange: () => this.#goOn(),
      onGivenUp: error => this.#giveUp(error),
    });
    this.#tap = new Tap(() => options.listened() && options.reached());
    this.#ahead = new Ahead({
      queue: this.#queue,
      sounds: new SoundMaker({ ...options, tap: this.#tap }),
      paused: () => this.player.paused,
      wanted: () => this.#floor.isFree({ inHand: false }),
      onRefused: (item, why) => this.#failed(item, why),
      log: options.log,
    });
    void this.#run();
  }

  /** A line is being heard, and not held by a pause or a hindrance. */
  get speaking(): boolean {
    return this.#current !== null && !this.player.paused && !this.#options.hindrance();
  }

  get lines(): { current: Line | null; waiting: readonly Line[] } {
    return { current: this.#current?.line ?? null, waiting: this.#queue.waiting };
  }

  /** See `Session`. */
  say(line: Line): number {
    if (this.#state !== 'open') throw new Unsaid('restarting', 'restarting');
    const { guildId, budget } = this.#options;
    const { userId, text, caps } = line;
    this.#checkFish();
    if (!this.#queue.joins(line) && this.#repeats.isOneTooMany(line))
      throw new Unsaid('repeated', 'queue.repeated');
    this.#queue.checkRoom(userId);
    try {
      // How long words become that are still to be written nobody knows: they are admitted as they come.
      if (line.live) budget.check({ guildId, userId, bytes: A_SENTENCE_BYTES, caps });
      else budget.admit({ guildId, userId, bytes: Buffer.byteLength(text), caps });
    } catch (error) {
      if (error instanceof Unsaid) this.#tellOfDay(line, error);
      throw error;
    }
    const item = this.#queue.push(line);
    this.#repeats.note(line, item.fate);
    const before = this.#queue.before(item) + (this.#current ? 1 : 0);
    this.#goOn();
    return before;
  }

  skip(): Line | null {
    const current = this.#current;
    if (!current || current.signal.aborted) return null;
    current.silence('skipped');
    return current.line;
  }

  stop(userId?: string): number {
    const dropped = this.#queue.drop('stopped', line => userId === undefined || line.userId === userId);
    const current = this.#current;
    this.#ahead.look();
    if (!current || current.signal.aborted || (userId ?? current.line.userId) !== current.line.userId)
      return dropped;
    current.silence('stopped');
    return dropped + current.messages;
  }

  /** Silences messages that wait or are being heard, each alone where it is said in one breath with others. */
  drop(reason: Reason, which: Which): void {
    this.#queue.drop(reason, which);
    const current = this.#current;
    const [first, ...others] = current?.cutOff(which, reason) ?? [];
    if (current && first) this.#queue.unshift([first, ...others], current);
    this.#goOn();
  }

  /**
   * Others listen now, perhaps nobody. Without listeners nothing is begun or paid for, and of the line being heard
   * only what has been synthesised is said. `newcomers`: some have not heard who spoke before.
   */
  listenersChanged({ newcomers }: { newcomers: boolean }): void {
    if (newcomers) this.#ahead.lastSpeaker.newcomer();
    clearTimeout(this.#deserted);
    if (!this.#options.listened())
      this.#deserted = later(this.#options.log, 'a deserted line', DESERTED_MS, () => this.#letGo());
    this.#goOn();
  }

  /** Takes no more, and drops what waits, which people are told; the line being heard goes on. */
  drain(): void {
    this.#state = 'draining';
    this.#queue.drop('restarting');
  }

  /** Silent for good: the bot has left its channel, or was never let in. */
  close(why: 'left' | 'not-joined'): void {
    const reason = this.#state === 'draining' ? 'restarting' : why;
    this.#state = 'closed';
    clearTimeout(this.#deserted);
    this.#floor[Symbol.dispose]();
    this.#ahead[Symbol.dispose]();
    this.#queue.drop(reason);
    this.#current?.silence(reason);
    this.player[Symbol.dispose]();
    this.#wake.resolve();
  }

  /** Whether others would hear the bot has changed. */
  hearingChanged(): void {
    this.#goOn();
  }

  /** Nobody has been there for a moment: nothing is synthesised for nobody. */
  #letGo(): void {
    if (this.#options.listened()) return;
    this.#queue.unmake();
    const current = this.#current;
    const [first, ...others] = current?.letGo() ?? [];
    if (current && first) this.#queue.unshift([first, ...others], current);
  }

  #goOn(): void {
    this.#tap.look();
    this.#ahead.look();
    this.#wake.resolve();
  }

  /** Says the queue, line by line. */
  async #run(): Promise<void> {
    while (this.#state !== 'closed') {
      await walled(this.#options.log, 'conversation', () => this.#sayNext())?.catch(() =>
        sleep(FAULT_PAUSE_MS),
      );
    }
  }

  /** Says the next line, or waits until there may be one. */
  async #sayNext(): Promise<void> {
    const inHand = Boolean(this.#queue.next?.sound);
    const item = this.#floor.isFree({ inHand }) ? this.#queue.shift() : undefined;
    if (item) return this.#say(item);
    this.#wake = Promise.withResolvers();
    this.#options.onQuiet();
    await this.#wake.promise;
  }

  /** The line through the house: text → Fish Audio → Ogg → 20 ms Opus packets → cushion → player → voice. */
  async #say(item: QueuedLine): Promise<void> {
    this.#current = item;
    let whole = false;
    try {
      const { cushion } = this.#ahead.begin(item);
      await this.player.play(cushion, { signal: item.signal });
      whole = true;
      item.end(null);
    } catch (error) {
      this.#failed(item, error);
    } finally {
      this.#current = null;
      this.#ahead.ended(item, { whole });
    }
  }

  #failed(item: QueuedLine, error: unknown): void {
    if (error instanceof Silenced) return item.end(error.reason); // mostly it has ended already
    if (error instanceof Unsaid) this.#tellOfDay(item.line, error);
    else if (!(error instanceof FishError || error instanceof UserError))
      this.#options.log.error({ err: error }, 'a line failed');
    item.end(reasonFor(error), explain(error));
    if (error instanceof FishError) this.#options.onTrouble();
  }

  /** Throws Unsaid while nothing can be had from Fish Audio. */
  #checkFish(): void {
    try {
      this.#floor.checkFish();
    } catch (error) {
      this.#options.onTrouble();
      throw error;
    }
  }

  /** What waits waits no longer for Fish Audio, but for what has been synthesised. */
  #giveUp(error: unknown): void {
    const { next } = this.#queue;
    const inHand = next?.sound ? next : undefined;
    if (this.#queue.drop(reasonFor(error), (_part, item) => item !== inHand, explain(error)) > 0)
      this.#options.onTrouble();
  }

  /** Who writes in chat gets no answer of their own: that the day is over is said to all, once. */
  #tellOfDay(line: Line, why: Unsaid): void {
    const { guildId, budget, notify } = this.#options;
    const ofDay = OF_THE_DAY.has(why.reason);
    if (ofDay && line.source === 'chat' && budget.isNews(guildId, why.reason)) notify(why);
  }
}
