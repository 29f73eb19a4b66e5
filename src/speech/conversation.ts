import { Player } from '../audio/player.ts';
import type { UserError } from '../errors.ts';
import { later } from '../walls.ts';
import { Admission } from './admission.ts';
import { explain, reasonFor } from './failures.ts';
import { Floor, type Hindrance } from './floor.ts';
import type { Line } from './line.ts';
import { Playout } from './playout.ts';
import { SpeechQueue } from './queue.ts';
import type { PartFilter } from './queued-line.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { SoundMaker } from './sound.ts';
import type { SpeechMeans } from './speech.ts';
import { Tap } from './tap.ts';

// All that is said in one guild, from the line that somebody wants said: takes it (`admission.ts`), has it said in its
// turn (`queue.ts`, `playout.ts`), and carries out skip, stop and the deletion of messages.

export interface ConversationOptions extends SpeechMeans {
  /** The id of the voice channel that the bot is in, or to which it is on its way. */
  readonly place: () => string;
  /** Whether the bot has left or is leaving, so that nothing more can be said. */
  readonly over: () => boolean;
  /** Whether somebody is there to listen. */
  readonly listened: () => boolean;
  /** Why nobody would hear the bot, so that no line begins and nothing is paid for; null if people would hear it. */
  readonly hindrance: () => Hindrance | null;
  /** Whether what is synthesised now will be heard by those who are there: see `Earshot`. */
  readonly reached: () => boolean;
  /** Called when no line is being heard and none can begin now. */
  readonly onQuiet: () => void;
  /** Tells the people of the guild, once a day, that chat is not read any more today. */
  readonly notify: (why: UserError) => void;
  /** Called with an error that came while a packet was prepared or sent: the bot has to join the call anew. */
  readonly onPlayerFault: (error: unknown) => void;
  /** Called when a line failed at Fish Audio, was refused there, or waits long for it in an outage. */
  readonly onTrouble: () => void;
}

/**
 * How many milliseconds after the last person has left syntheses end. People who lost their connection may be back by
 * then, and Fish Audio should not work much longer for nobody.
 */
const DESERTED_MS = 600;

export class Conversation {
  readonly player: Player;
  readonly #options: ConversationOptions;
  readonly #queue = new SpeechQueue();
  readonly #floor: Floor;
  readonly #admission: Admission;
  readonly #playout: Playout;
  /** Is shut while nobody would hear what is made of the words that are sent. */
  readonly #tap: Tap;
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
    this.#admission = new Admission({ ...options, queue: this.#queue, floor: this.#floor });
    this.#playout = new Playout({
      ...options,
      queue: this.#queue,
      floor: this.#floor,
      sounds: new SoundMaker({ ...options, tap: this.#tap }),
      player: this.player,
      circuit: options.fish.circuit,
      tap: this.#tap,
      onUnsaid: ({ line }, why) => this.#admission.tellOfDay(line, why),
    });
  }

  /** Whether a line is being heard, or will be in a moment: nothing such as a pause or a lost connection holds it. */
  get speaking(): boolean {
    return this.#playout.current !== null && !this.player.paused && this.#options.reached();
  }

  /** The line being heard, and the lines that wait, in the order in which they will be heard. */
  get lines(): { current: Line | null; waiting: readonly Line[] } {
    return { current: this.#playout.current?.line ?? null, waiting: this.#queue.waiting };
  }

  /** About how many seconds of speech are still to be heard, of the line being heard and of those that wait. */
  get secondsLeft(): number {
    return (this.#playout.current?.secondsLeft ?? 0) + this.#queue.seconds;
  }

  /** Throws Unsaid if no further message of this person may wait, whatever is in it. For `missed` see `Line`. */
  checkRoom(userId: string, missed = false): void {
    this.#queue.checkRoom(userId, missed);
  }

  /**
   * Queues a line, and returns how many lines will be heard before it (or before the line that it was joined to).
   * Throws Unsaid if the line is not taken; then its callbacks are not called.
   */
  say(line: Line): number {
    const { tally } = this.#options;
    try {
      return this.#take({
        ...line,
        voiceChannelId: this.#options.place(),
        onOutcome: reason => {
          tally.line(reason);
          line.onOutcome(reason);
        },
      });
    } catch (error) {
      if (error instanceof Unsaid) tally.line(error.reason);
      throw error;
    }
  }

  /** Silences the line being heard and returns it; null if no line is being heard. */
  skip(): Line | null {
    const current = this.#playout.current;
    if (!current || current.signal.aborted) return null;
    current.silence('skipped');
    return current.line;
  }

  /** Silences all lines, or those of these people, and returns how many messages were dropped. */
  stop(userIds?: readonly string[]): number {
    const isOfThem = ({ userId }: Pick<Line, 'userId'>) => userIds?.includes(userId) ?? true;
    const dropped = this.#queue.drop('stopped', isOfThem);
    const current = this.#playout.current;
    this.#goOn();
    if (!current || current.signal.aborted || !isOfThem(current.line)) return dropped;
    current.silence('stopped');
    return dropped + current.messages;
  }

  /** Silences the messages that `which` selects; others that are said in one breath with them are still said. */
  drop(reason: Reason, which: PartFilter): void {
    this.#queue.drop(reason, which);
    const current = this.#playout.current;
    if (current) this.#queue.unshift(current.cutOff(which, reason), current);
    this.#goOn();
  }

  /**
   * Call this when somebody came or went. While nobody listens no line begins and nothing is paid for; of the
   * line being heard only what has been synthesised is said. `newcomers` says that somebody has not heard who spoke
   * before.
   */
  listenersChanged({ newcomers }: { newcomers: boolean }): void {
    if (newcomers) this.#playout.newcomer();
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
    this.#playout[Symbol.dispose]();
    this.#queue.drop(reason);
    this.#playout.current?.silence(reason);
    this.player[Symbol.dispose]();
  }

  /** Call this when it has changed whether people would hear the bot. */
  hearingChanged(): void {
    this.#goOn();
  }

  /** Ends the syntheses under way, because nobody has been there for a moment. */
  #letGo(): void {
    this.#deserted = undefined;
    if (this.#options.listened()) return;
    this.#queue.unmake();
    const current = this.#playout.current;
    if (current) this.#queue.unshift(current.letGo(), current);
  }

  #take(line: Line): number {
    if (this.#options.over()) throw new Unsaid('not-here', 'not-in-voice');
    if (this.#state !== 'open') throw new Unsaid('restarting', 'restarting');
    const queued = this.#admission.admit(line);
    const before = this.#queue.before(queued) + (this.#playout.current ? 1 : 0);
    queued.journey.atOnce = before === 0;
    this.#goOn();
    return before;
  }

  #goOn(): void {
    this.#tap.look();
    this.#playout.goOn();
  }

  /**
   * Drops the lines that wait for Fish Audio and were accepted at `until` (`performance.now()`) or before; a next line
   * whose synthesis has begun stays.
   */
  #giveUp(error: unknown, until: number): void {
    const { next } = this.#queue;
    const inHand = next?.sound ? next : undefined;
    const isOld: PartFilter = (_part, queued) => queued !== inHand && queued.journey.acceptedAt <= until;
    if (this.#queue.drop(reasonFor(error), isOld, explain(error)) > 0) this.#options.onTrouble();
  }
}
