import { setTimeout as sleep } from 'node:timers/promises';
import { Player } from '../audio/player.ts';
import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';
import { Ahead } from './ahead.ts';
import { explain, reasonFor } from './failures.ts';
import { Floor, type Hindrance } from './floor.ts';
import type { Line } from './line.ts';
import { type QueuedLine, Silenced, type PartFilter } from './queued-line.ts';
import { SpeechQueue } from './queue.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { Repeats } from './repeats.ts';
import { SoundMaker } from './sound.ts';
import type { SpeechMeans } from './speech.ts';
import { Tap } from './tap.ts';
import { later, walled } from '../walls.ts';

// Says the lines of one guild, one after another, and carries out skip, stop and the deletion of messages. `queue.ts`
// has the lines that wait, `floor.ts` knows whether the next one may begin, `ahead.ts` has its sound made.

/** After an error between two lines the next line begins so many milliseconds later. */
const FAULT_PAUSE_MS = 1_000;

export interface ConversationOptions extends SpeechMeans {
  /** Whether somebody is there to listen. */
  readonly listened: () => boolean;
  /** Why nobody would hear the bot, so that no line begins and nothing is paid for; null if people would hear it. */
  readonly hindrance: () => Hindrance | null;
  /** Whether what is synthesised now will be heard by those who are there: see `Earshot`. */
  readonly reached: () => boolean;
  /** Is called when no line is being heard and none can begin now. */
  readonly onQuiet: () => void;
  /** Tells the people of the guild, once a day, that chat is not read any more today. */
  readonly notify: (why: UserError) => void;
  /** Is called with an error that came while a packet was prepared or sent: the bot has to join the call anew. */
  readonly onPlayerFault: (error: unknown) => void;
  /** Is called when a line failed at Fish Audio or was refused there. */
  readonly onTrouble: () => void;
}

/** For these reasons nothing more is said in a guild for the day, or for a while. */
const OF_THE_DAY: ReadonlySet<Reason> = new Set(['server-cap', 'budget', 'budget-unknown']);

/**
 * So many milliseconds after the last person has left, syntheses end. People who lost their connection may be back by
 * then, and Fish Audio should not work much longer for nobody.
 */
const DESERTED_MS = 600;

/** An answer that is still to be written is begun only if so many bytes may still be spent. */
const A_SENTENCE_BYTES = 100;

/** While a line is being heard, the next line is already being synthesised. */
export class Conversation {
  readonly player: Player;
  readonly #options: ConversationOptions;
  readonly #queue = new SpeechQueue();
  readonly #repeats = new Repeats();
  readonly #floor: Floor;
  readonly #ahead: Ahead;
  /** Is shut while nobody would hear what is made of the words that are sent. */
  readonly #tap: Tap;
  #current: QueuedLine | null = null;
  #wake = Promise.withResolvers<void>();
  #deserted: NodeJS.Timeout | undefined;
  #state: 'open' | 'draining' | 'closed' = 'open';

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.player = new Player(options.onPlayerFault, options.tally.packets);
    this.#floor = new Floor({
      listened: options.listened,
      hindrance: options.hindrance,
      circuit: options.fish.circuit,
      log: options.log,
      onChange: () => this.#goOn(),
      onGivenUp: (error, until) => this.#giveUp(error, until),
    });
    this.#tap = new Tap(() => options.listened() && options.reached());
    this.#ahead = new Ahead({
      queue: this.#queue,
      sounds: new SoundMaker({ ...options, tap: this.#tap }),
      current: () => this.#current,
      paused: () => this.player.paused,
      wanted: () => this.#floor.isFree({ inHand: false, notBefore: this.#queue.next?.line.notBefore }),
      onRefused: why => this.#nextRefused(why),
      onEnded: journey => options.tally.ended(journey),
      log: options.log,
    });
    void this.#run();
  }

  /** Whether a line is being heard that is not held by a pause or a hindrance. */
  get speaking(): boolean {
    return this.#current !== null && !this.player.paused && !this.#options.hindrance();
  }

  get lines(): { current: Line | null; waiting: readonly Line[] } {
    return { current: this.#current?.line ?? null, waiting: this.#queue.waiting };
  }

  /** About how many seconds of speech are still to be heard, of the line being heard and of those that wait. */
  get secondsLeft(): number {
    return (this.#current?.secondsLeft ?? 0) + this.#queue.seconds;
  }

  /** Throws Unsaid if no further message of this person may wait, whatever is in it. For `missed` see `Line`. */
  checkRoom(userId: string, missed: boolean): void {
    this.#queue.checkRoom(userId, missed);
  }

  /** Queues a line, and returns how many lines will be heard before it. Throws Unsaid if the line is not taken. */
  say(line: Line): number {
    if (this.#state !== 'open') throw new Unsaid('restarting', 'restarting');
    const { guildId, budget } = this.#options;
    const { userId, text, caps, missed } = line;
    this.#checkFish();
    if (!this.#queue.joins(line) && this.#repeats.isOneTooMany(line))
      throw new Unsaid('repeated', 'queue.repeated');
    this.#queue.checkRoom(userId, missed);
    try {
      // Nobody knows how many words there will be in an answer that is still to be written: they are admitted as they
      // come.
      if (line.live) budget.check({ guildId, userId, bytes: A_SENTENCE_BYTES, caps });
      else budget.admit({ guildId, userId, bytes: Buffer.byteLength(text), caps });
    } catch (error) {
      if (error instanceof Unsaid) this.#tellOfDay(line, error);
      throw error;
    }
    const item = this.#queue.push(line);
    this.#repeats.note(line, item.fate);
    const before = this.#queue.before(item) + (this.#current ? 1 : 0);
    item.journey.atOnce = before === 0;
    this.#goOn();
    return before;
  }

  /** Silences the line being heard and returns it; null if no line is being heard. */
  skip(): Line | null {
    const current = this.#current;
    if (!current || current.signal.aborted) return null;
    current.silence('skipped');
    return current.line;
  }

  /** Silences all lines, or those of one person, and returns how many messages were dropped. */
  stop(userId?: string): number {
    const dropped = this.#queue.drop('stopped', line => userId === undefined || line.userId === userId);
    const current = this.#current;
    this.#ahead.look();
    if (!current || current.signal.aborted || (userId ?? current.line.userId) !== current.line.userId)
      return dropped;
    current.silence('stopped');
    return dropped + current.messages;
  }

  /** Silences the messages that `which` selects; others that are said in one breath with them are still said. */
  drop(reason: Reason, which: PartFilter): void {
    this.#queue.drop(reason, which);
    const current = this.#current;
    const [first, ...others] = current?.cutOff(which, reason) ?? [];
    if (current && first) this.#queue.unshift([first, ...others], current);
    this.#goOn();
  }

  /**
   * Has to be called when somebody came or went. While nobody listens no line begins and nothing is paid for; of the
   * line being heard only what has been synthesised is said. `newcomers` says that somebody has not heard who spoke
   * before.
   */
  listenersChanged({ newcomers }: { newcomers: boolean }): void {
    if (newcomers) this.#ahead.lastSpeaker.newcomer();
    if (this.#options.listened()) {
      clearTimeout(this.#deserted);
      this.#deserted = undefined;
    } else this.#deserted ??= later(this.#options.log, 'a deserted line', DESERTED_MS, () => this.#letGo());
    this.#goOn();
  }

  /** Takes no more lines, and drops those that wait, whose people are told; the line being heard goes on. */
  drain(): void {
    this.#state = 'draining';
    this.#queue.drop('restarting');
  }

  /** Ends the conversation for good, because the bot has left its channel or could not join it. */
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

  /** Has to be called when it has changed whether people would hear the bot. */
  hearingChanged(): void {
    this.#goOn();
  }

  /** Ends the syntheses under way, because nobody has been there for a moment. */
  #letGo(): void {
    this.#deserted = undefined;
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

  /** Says the lines of the queue, one after another, until the conversation is closed. */
  async #run(): Promise<void> {
    while (this.#state !== 'closed') {
      await walled(this.#options.log, 'conversation', () => this.#sayNext())?.catch(() =>
        sleep(FAULT_PAUSE_MS),
      );
    }
  }

  /** Says the next line, or waits until there may be one. */
  async #sayNext(): Promise<void> {
    const { next } = this.#queue;
    const about = { inHand: Boolean(next?.sound), notBefore: next?.line.notBefore };
    const item = this.#floor.isFree(about) ? this.#queue.shift() : undefined;
    if (item) return this.#say(item);
    this.#wake = Promise.withResolvers();
    this.#options.onQuiet();
    await this.#wake.promise;
  }

  /** Says one line. Its way: text → Fish Audio → Ogg → 20 ms Opus packets → cushion → player → call. */
  async #say(item: QueuedLine): Promise<void> {
    this.#current = item;
    let whole = false;
    try {
      const { cushion } = this.#ahead.soundOf(item);
      await this.player.play(cushion, { signal: item.signal, onBegun: () => item.begin() });
      whole = true;
      item.end(null);
    } catch (error) {
      this.#failed(item, error);
    } finally {
      this.#current = null;
      this.#ahead.ended(item, { whole });
    }
  }

  /** Drops the next line, because no more may be spent. */
  #nextRefused(why: Unsaid): void {
    const item = this.#queue.shift();
    if (item) this.#failed(item, why);
  }

  #failed(item: QueuedLine, error: unknown): void {
    if (error instanceof Silenced) return item.end(error.reason); // most often it has been ended already
    if (error instanceof Unsaid) this.#tellOfDay(item.line, error);
    else if (!(error instanceof FishError || error instanceof UserError))
      this.#options.log.error({ err: error }, 'a line failed');
    item.end(reasonFor(error), explain(error));
    if (error instanceof FishError) this.#options.onTrouble();
  }

  /** Throws Unsaid while Fish Audio has an outage. */
  #checkFish(): void {
    try {
      this.#floor.checkFish();
    } catch (error) {
      this.#options.onTrouble();
      throw error;
    }
  }

  /**
   * Drops the lines that wait for Fish Audio and were accepted at `until` (`performance.now()`) or before; a next line
   * whose synthesis has begun stays.
   */
  #giveUp(error: unknown, until: number): void {
    const { next } = this.#queue;
    const inHand = next?.sound ? next : undefined;
    const isOld: PartFilter = (_part, item) => item !== inHand && item.journey.acceptedAt <= until;
    if (this.#queue.drop(reasonFor(error), isOld, explain(error)) > 0) this.#options.onTrouble();
  }

  /** Tells the guild once that a cap of the day is reached; only for lines of chat, as commands are answered. */
  #tellOfDay(line: Line, why: Unsaid): void {
    const { guildId, budget, notify } = this.#options;
    const ofDay = OF_THE_DAY.has(why.reason);
    if (ofDay && line.source === 'chat' && budget.isNews(guildId, why.reason)) notify(why);
  }
}
