import type { QueuedLine } from './queued-line.ts';

/** Whoever has more lines waiting than this floods the conversation. */
const MAX_LINES_IN_TURN = 3;
/** Whoever has more speech waiting than this floods it too: seconds, as estimated from the text. */
const MAX_SECONDS_IN_TURN = 15;

/**
 * Lines that wait, in the order in which they will be heard: as they were written, but for who floods. A line that
 * comes while its person has enough waiting steps aside, with all that the person writes after it. When none of the
 * person's lines is left in the order, the next of those that stepped aside goes to its end. So of a flood at most
 * one line at a time is in front of what others write from then on. `docs/adr/0003-order-of-a-conversation.md` has
 * the reasons.
 */
export class Turns {
  /** Heard one after another. */
  readonly #due: QueuedLine[] = [];
  /** Of those who flood, as they were written: they wait for their person's lines in `due`. */
  readonly #aside: QueuedLine[] = [];

  /** Those that will be heard, from now on and if nobody writes any more. */
  get order(): readonly QueuedLine[] {
    const order: QueuedLine[] = [];
    const due = [...this.#due];
    const aside = [...this.#aside];
    for (let item = due.shift(); item; item = due.shift()) {
      order.push(item);
      advance(due, aside);
    }
    return order;
  }

  get next(): QueuedLine | undefined {
    return this.#due[0];
  }

  /** All of them, in no order. */
  get all(): readonly QueuedLine[] {
    return [...this.#due, ...this.#aside];
  }

  push(item: QueuedLine): void {
    const own = this.#due.filter(({ userId }) => userId === item.userId);
    const stepsAside =
      own.length >= MAX_LINES_IN_TURN ||
      (own.length > 0 && secondsOfAll(own) + item.seconds > MAX_SECONDS_IN_TURN) ||
      this.#aside.some(({ userId }) => userId === item.userId);
    (stepsAside ? this.#aside : this.#due).push(item);
  }

  /** It is heard next. */
  unshift(item: QueuedLine): void {
    this.#due.unshift(item);
  }

  /** Whether one that waits would be too much with so many seconds more. */
  isTooLong(item: QueuedLine, seconds: number): boolean {
    const before = this.#due.includes(item)
      ? this.#due.filter(({ userId }) => userId === item.userId)
      : [item];
    return secondsOfAll(before) + seconds > MAX_SECONDS_IN_TURN;
  }

  /** It waits no longer. */
  delete(item: QueuedLine): void {
    for (const list of [this.#due, this.#aside]) {
      const at = list.indexOf(item);
      if (at >= 0) list.splice(at, 1);
    }
    advance(this.#due, this.#aside);
  }
}

/** Whoever has nothing in `due` any more is heard next with the first line that stepped aside. */
function advance(due: QueuedLine[], aside: QueuedLine[]): void {
  if (aside.length === 0) return;
  const present = new Set(due.map(({ userId }) => userId));
  for (const item of aside.filter(({ userId }) => !present.has(userId))) {
    if (present.has(item.userId)) continue; // one of each person
    present.add(item.userId);
    aside.splice(aside.indexOf(item), 1);
    due.push(item);
  }
}

function secondsOfAll(items: readonly QueuedLine[]): number {
  return items.reduce((sum, { seconds }) => sum + seconds, 0);
}
