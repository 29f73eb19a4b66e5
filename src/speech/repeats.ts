import type { Line } from './line.ts';
import type { LineFate } from './queued-line.ts';

/** Said this often in a row, it has been heard. */
const MOST_IN_A_ROW = 2;
const FORGOTTEN_AFTER_MS = 60_000;

/** The same message of one person, again and again, with nobody else's line between. */
interface Row {
  readonly userId: string;
  readonly digest: string;
  /** What it is said in: messages that are said in one breath are one line. */
  readonly lines: Set<LineFate>;
  /** When it was written last, be it taken or not. */
  at: number;
}

/** Notices who writes the same in chat again and again. */
export class Repeats {
  #row: Row | null = null;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Whether a line would be the third of its kind in a row, or a later one. Those count that were said, and that wait
   * to be. Whoever goes on and on is not heard every minute.
   */
  isOneTooMany(line: Line): boolean {
    const row = this.#rowOf(line);
    if (!row) return false;
    const count = [...row.lines].filter(({ outcome }) => outcome !== 'lost').length;
    if (count < MOST_IN_A_ROW) return false;
    row.at = this.#now();
    return true;
  }

  /** A line has been taken. `fate`: of what it is said in. */
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
