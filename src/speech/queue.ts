import { joined } from './joining.ts';
import type { Line } from './line.ts';
import { QueuedLine } from './queued-line.ts';
import { type Reason, Unsaid } from './reasons.ts';
import { Rounds } from './rounds.ts';

/** Messages that may wait in one guild, besides what is being heard. */
const MAX_WAITING = 50;
/** And of one person. */
const MAX_OF_PERSON = 5;

/**
 * The lines of one guild that wait to be heard, in the order they will be: those with priority first, and among
 * equals everybody in turn.
 */
export class SpeechQueue {
  readonly #waiting: QueuedLine[] = [];
  readonly #rounds = { priority: new Rounds(), usual: new Rounds() };
  #messages = 0;
  readonly #ofPerson = new Map<string, number>();

  /** Throws Unsaid when no more may wait, of this person or in this guild. */
  checkRoom(userId: string): void {
    if ((this.#ofPerson.get(userId) ?? 0) >= MAX_OF_PERSON)
      throw new Unsaid('person-full', 'queue.person-full', { limit: MAX_OF_PERSON });
    if (this.#messages >= MAX_WAITING) throw new Unsaid('queue-full', 'queue.full', { limit: MAX_WAITING });
  }

  /**
   * Puts a line in its place, or joins it to the same person's last; returns how many lines wait before it.
   * There has to be room (see `checkRoom`).
   */
  push(line: Line): number {
    const last = this.#waiting.findLast(item => item.line.userId === line.userId);
    this.#count(line.userId, 1);
    const both = last && !last.sound ? joined(last.line, line) : null;
    if (last && both) {
      last.line = both;
      last.messages += 1;
      return this.#waiting.indexOf(last);
    }
    // Never before what the same person said earlier, even if they have priority only since then.
    const priority = line.priority && last?.turn.priority !== false;
    const waiting = last?.turn.priority === priority ? last.turn.round : undefined;
    const round = this.#roundsOf(priority).next(line.userId, waiting);
    const item = new QueuedLine(line, { priority, round });
    const at = this.#placeOf(item);
    this.#waiting.splice(at, 0, item);
    return at;
  }

  /** Takes the next line, if any. */
  shift(): QueuedLine | undefined {
    const item = this.#waiting.shift();
    if (!item) return undefined;
    const { line, messages, turn } = item;
    this.#count(line.userId, -messages);
    this.#roundsOf(turn.priority).began(line.userId, turn.round);
    return item;
  }

  /** The line that will be heard next; it stays in the queue. */
  get next(): QueuedLine | undefined {
    return this.#waiting[0];
  }

  get waiting(): readonly Line[] {
    return this.#waiting.map(({ line }) => line);
  }

  /** Drops what waits, all of it or what `which` names; returns how many messages that were. */
  drop(reason: Reason, which: (line: Line) => boolean = () => true): number {
    const all = this.#waiting.splice(0);
    const dropped = all.filter(({ line }) => which(line));
    this.#waiting.push(...all.filter(item => !dropped.includes(item)));
    for (const { line, messages } of dropped) this.#count(line.userId, -messages);
    for (const item of dropped) item.silence(reason);
    return dropped.reduce((sum, { messages }) => sum + messages, 0);
  }

  /** Behind all that are heard before it; what has been synthesised already stays first. */
  #placeOf({ turn }: QueuedLine): number {
    const isBefore = (other: QueuedLine) =>
      other.sound !== null ||
      (other.turn.priority === turn.priority ? other.turn.round <= turn.round : other.turn.priority);
    return this.#waiting.findLastIndex(isBefore) + 1;
  }

  #roundsOf(priority: boolean): Rounds {
    return priority ? this.#rounds.priority : this.#rounds.usual;
  }

  #count(userId: string, messages: number): void {
    this.#messages += messages;
    const count = (this.#ofPerson.get(userId) ?? 0) + messages;
    if (count > 0) this.#ofPerson.set(userId, count);
    else this.#ofPerson.delete(userId);
  }
}
