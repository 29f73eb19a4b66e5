import type { UserError } from '../errors.ts';
import { mayJoin } from './joining.ts';
import type { Line } from './line.ts';
import { type PartFilter, QueuedLine, secondsOf } from './queued-line.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { Turns } from './turns.ts';

// The lines of one guild that wait to be heard: how many may wait, which are said in one breath, and which are dropped.
// The order among people is decided in `turns.ts`.

/** The most messages that may wait in one guild, besides the line being heard. */
const MAX_WAITING = 50;
/** The most messages of one person that may wait in one guild. */
const MAX_OF_PERSON = 5;

/** Lines with priority come first; for the order of the others see `Turns`. */
export class SpeechQueue {
  readonly #turns = { priority: new Turns(), usual: new Turns() };
  /** The line that was written last, if it still waits. */
  #last: QueuedLine | undefined;
  #messages = 0;

  /** Throws Unsaid if no further message may wait, of this person or in this guild. For `missed` see `Line`. */
  checkRoom(userId: string, missed = false): void {
    if (!missed && this.#countOf(userId) >= MAX_OF_PERSON)
      throw new Unsaid('person-full', 'queue.person-full', { limit: MAX_OF_PERSON });
    if (this.#messages >= MAX_WAITING) throw new Unsaid('queue-full', 'queue.full', { limit: MAX_WAITING });
  }

  /** Whether a line would be said in one breath with the line that was written before it. */
  joins(line: Line): boolean {
    const last = this.#last;
    if (!last || last.sound) return false;
    return mayJoin(last.line, line) && !this.#turnsOf(last).isTooLong(last, secondsOf(line));
  }

  /**
   * Puts a line in its place, or joins it to the line before it (see `joins`). Returns the queued line that it has
   * become or is now a part of. There has to be room (see `checkRoom`).
   */
  push(line: Line): QueuedLine {
    this.#messages += 1;
    if (this.#last && this.joins(line)) this.#last.join(line);
    else this.#last = this.#placed(line);
    return this.#last;
  }

  /** How many of the lines that wait are heard before `queued`. */
  before(queued: QueuedLine): number {
    return this.#order.indexOf(queued);
  }

  /** Takes the next line out of the queue; undefined if none waits. */
  shift(): QueuedLine | undefined {
    const queued = this.next;
    if (queued) this.#remove(queued);
    return queued;
  }

  /** The line that will be heard next; it stays in the queue. A line whose synthesis has begun stays the next one. */
  get next(): QueuedLine | undefined {
    const { priority, usual } = this.#turns;
    return usual.next?.sound ? usual.next : (priority.next ?? usual.next);
  }

  /** Ends the syntheses under way; those lines are synthesised anew when it is their turn. */
  unmake(): void {
    for (const queued of this.#order) if (queued.sound && !queued.sound.cushion.filled) queued.unmake();
  }

  /** The lines that wait, in the order in which they will be heard if nobody writes more. */
  get waiting(): readonly Line[] {
    return this.#order.map(({ line }) => line);
  }

  /** About how many seconds the lines that wait are heard, all together. */
  get seconds(): number {
    return this.#order.reduce((sum, { seconds }) => sum + seconds, 0);
  }

  /** Puts messages, if there are any, first in the queue: those that are left of a line that was cut off. */
  unshift([first, ...others]: readonly Line[], { priority }: Pick<QueuedLine, 'priority'>): void {
    if (!first) return;
    const queued = new QueuedLine([first, ...others], { priority });
    this.#turnsOf(queued).unshift(queued);
    this.#messages += queued.messages;
  }

  /**
   * Drops the messages that wait and that `which` selects (all of them if it is absent), and tells their people
   * `error`. Returns how many messages were dropped.
   */
  drop(reason: Reason, which: PartFilter = () => true, error?: UserError): number {
    const found = this.#order
      .map(queued => ({ queued, count: queued.count(which) }))
      .filter(({ count }) => count > 0);
    const whole = found.filter(({ queued, count }) => count === queued.messages);
    for (const { queued } of whole) this.#remove(queued);
    for (const { queued, count } of found) {
      if (count === queued.messages) queued.silence(reason, error);
      else {
        this.#messages -= count;
        queued.leaveOut(which, reason);
      }
    }
    return found.reduce((sum, { count }) => sum + count, 0);
  }

  get #order(): readonly QueuedLine[] {
    const { priority, usual } = this.#turns;
    const [first, ...others] = usual.order;
    if (!first?.sound) return [...priority.order, ...usual.order];
    return [first, ...priority.order, ...others];
  }

  #placed(line: Line): QueuedLine {
    // A line is never heard before an earlier line of the same person, also if they have got priority meanwhile.
    const isBehind = this.#turns.usual.all.some(({ userId }) => userId === line.userId);
    const queued = new QueuedLine([line], { priority: line.priority && !isBehind });
    this.#turnsOf(queued).push(queued);
    return queued;
  }

  #remove(queued: QueuedLine): void {
    if (queued === this.#last) this.#last = undefined;
    this.#turnsOf(queued).delete(queued);
    this.#messages -= queued.messages;
  }

  #turnsOf({ priority }: QueuedLine): Turns {
    return this.#turns[priority ? 'priority' : 'usual'];
  }

  /** How many messages of a person wait, but for those that were missed. */
  #countOf(userId: string): number {
    const own = this.#order.filter(queued => queued.userId === userId);
    return own.reduce((sum, queued) => sum + queued.count(part => !part.missed), 0);
  }
}
