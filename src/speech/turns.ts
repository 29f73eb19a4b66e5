import type { QueuedLine } from './queued-line.ts';

// Decides in which order the waiting lines of one guild are heard, so that whoever writes a lot does not keep the
// others waiting. `queue.ts` has what else holds of waiting lines: their number, priority, and joining.

/** A person with more lines waiting than this floods the conversation. */
const MAX_LINES_IN_TURN = 3;
/** A person with more seconds of speech waiting than this, estimated from the texts, floods the conversation too. */
const MAX_SECONDS_IN_TURN = 15;

/**
 * The order is that in which the lines were written, except for people who flood the conversation: if a person has
 * enough lines waiting, their further lines step aside. When all lines of that person in the order have been heard, the
 * first line that stepped aside goes to the end of the order. So at most one line of a flood is heard before what
 * others write meanwhile. The reasons are in `docs/adr/0003-order-of-a-conversation.md`.
 */
export class Turns {
  /** The lines that will be heard one after another. */
  readonly #due: QueuedLine[] = [];
  /** The lines that stepped aside, as they were written; they wait until their person has no more line in `#due`. */
  readonly #aside: QueuedLine[] = [];

  /** All lines in the order in which they will be heard if nobody writes more. */
  get order(): readonly QueuedLine[] {
    const order: QueuedLine[] = [];
    const due = [...this.#due];
    const aside = [...this.#aside];
    for (let queued = due.shift(); queued; queued = due.shift()) {
      order.push(queued);
      advance(due, aside);
    }
    return order;
  }

  get next(): QueuedLine | undefined {
    return this.#due[0];
  }

  /** All lines, not in the order in which they will be heard. */
  get all(): readonly QueuedLine[] {
    return [...this.#due, ...this.#aside];
  }

  push(queued: QueuedLine): void {
    const own = this.#due.filter(({ userId }) => userId === queued.userId);
    const stepsAside =
      own.length >= MAX_LINES_IN_TURN ||
      (own.length > 0 && secondsOfAll(own) + queued.seconds > MAX_SECONDS_IN_TURN) ||
      this.#aside.some(({ userId }) => userId === queued.userId);
    (stepsAside ? this.#aside : this.#due).push(queued);
  }

  /** Puts a line first. */
  unshift(queued: QueuedLine): void {
    this.#due.unshift(queued);
  }

  /** Whether a line that waits would be a flood if it were `seconds` longer. */
  isTooLong(queued: QueuedLine, seconds: number): boolean {
    const before = this.#due.includes(queued)
      ? this.#due.filter(({ userId }) => userId === queued.userId)
      : [queued];
    return secondsOfAll(before) + seconds > MAX_SECONDS_IN_TURN;
  }

  /** Removes a line, wherever it waits. */
  delete(queued: QueuedLine): void {
    for (const list of [this.#due, this.#aside]) {
      const at = list.indexOf(queued);
      if (at >= 0) list.splice(at, 1);
    }
    advance(this.#due, this.#aside);
  }
}

/** For each person who has no line in `due`, moves their first line from `aside` to the end of `due`. */
function advance(due: QueuedLine[], aside: QueuedLine[]): void {
  if (aside.length === 0) return;
  const present = new Set(due.map(({ userId }) => userId));
  for (const queued of aside.filter(({ userId }) => !present.has(userId))) {
    if (present.has(queued.userId)) continue; // only one line of each person moves
    present.add(queued.userId);
    aside.splice(aside.indexOf(queued), 1);
    due.push(queued);
  }
}

function secondsOfAll(lines: readonly QueuedLine[]): number {
  return lines.reduce((sum, { seconds }) => sum + seconds, 0);
}
