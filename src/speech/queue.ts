import { UserError } from '../errors.ts';
import type { Line, QueuedLine } from './line.ts';

/** Lines that may wait in one guild, besides the one being heard. */
const MAX_WAITING = 50;

/** The lines of one guild that wait to be heard, in order. */
export class SpeechQueue {
  readonly #waiting: QueuedLine[] = [];

  /** Appends a line; returns how many wait before it. Throws a UserError when the queue is full. */
  push(line: Line): number {
    if (this.#waiting.length >= MAX_WAITING)
      throw new UserError(`The queue is full: ${MAX_WAITING} lines are waiting. Try again in a moment.`);
    return this.#waiting.push({ line, controller: new AbortController(), cushion: null }) - 1;
  }

  /** Takes the next line, if any. */
  shift(): QueuedLine | undefined {
    return this.#waiting.shift();
  }

  /** The line that will be heard next; it stays in the queue. */
  get next(): QueuedLine | undefined {
    return this.#waiting[0];
  }

  get waiting(): readonly Line[] {
    return this.#waiting.map(({ line }) => line);
  }

  /** Drops every line, and whatever was synthesised of it; returns how many there were. */
  clear(reason: Error): number {
    const dropped = this.#waiting.splice(0);
    for (const { controller } of dropped) controller.abort(reason);
    return dropped.length;
  }
}
