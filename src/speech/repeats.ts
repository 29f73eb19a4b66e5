import type { Line } from './line.ts';
import type { LineFate } from './queued-line.ts';

// Notices who writes the same in chat again and again. How often the same is said, and when it is new again, is decided
// here; `admission.ts` then refuses the line.

/** How often the same message is said in a row at most. */
const MOST_IN_A_ROW = 2;
/** A row ends when the message was not written again for this many milliseconds. */
const FORGOTTEN_AFTER_MS = 60_000;

/** A row of equal messages of one person, with no line of anybody else between them. */
interface Row {
  readonly userId: string;
  readonly digest: string;
  /** The queued lines in which the message is said; several messages that are said in one breath are one line. */
  readonly lines: Set<LineFate>;
  /** When the message was last written, whether or not it was taken. */
  at: number;
}

export class Repeats {
  #row: Row | null = null;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Whether a line would be at least the third equal one in a row. Lines count that were said, and that wait to be
   * said. A line that is one too many prolongs the row, so that somebody who does not stop is not heard again each
   * minute.
   */
  isOneTooMany(line: Line): boolean {
    const row = this.#rowOf(line);
    if (!row) return false;
    const count = [...row.lines].filter(({ outcome }) => outcome !== 'lost').length;
    if (count < MOST_IN_A_ROW) return false;
    row.at = this.#now();
    return true;
  }

  /** Notes that a line was taken. `fate` is that of the queued line in which it is said. */
  note(line: Line, fate: LineFate): void {
    if (line.source !== 'chat') {
      this.#row = null;
      return;
    }
    const { userId, digest } = line;
    const lines = this.#rowOf(line)?.lines ?? new Set();
    this.#row = { userId, digest, lines: lines.add(fate), at: this.#now() };
  }

  #rowOf({ source, userId, digest }: Line): Row | null {
    const row = this.#row;
    const goesOn =
      source === 'chat' &&
      row?.userId === userId &&
      row.digest === digest &&
      row.at > this.#now() - FORGOTTEN_AFTER_MS;
    return goesOn ? row : null;
  }
}
