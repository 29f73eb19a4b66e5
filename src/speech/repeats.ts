import type { Line } from './line.ts';

/** Said this often in a row, it has been heard. */
const MOST_IN_A_ROW = 2;
const FORGOTTEN_AFTER_MS = 60_000;

interface Last {
  readonly digest: string;
  readonly times: number;
  readonly at: number;
}

/** Notices who writes the same in chat again and again. */
export class Repeats {
  /** By person; who wrote last is last. */
  readonly #last = new Map<string, Last>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether a line would be the third of its kind in a row by one person, or a later one. */
  isOneTooMany(line: Line): boolean {
    const tooMany = line.source === 'chat' && this.#timesBefore(line.userId, line.digest) >= MOST_IN_A_ROW;
    if (tooMany) this.note(line); // who goes on and on is not heard every minute
    return tooMany;
  }

  /** A line has been taken: only what people were to hear counts. */
  note(line: Line): void {
    const { userId, source, digest } = line;
    if (source !== 'chat') return;
    const at = this.#now();
    const times = this.#timesBefore(userId, digest) + 1;
    this.#last.delete(userId); // so that it becomes the youngest
    this.#last.set(userId, { digest, times, at });
    for (const [id, last] of this.#last) {
      if (last.at > at - FORGOTTEN_AFTER_MS) break;
      this.#last.delete(id);
    }
  }

  #timesBefore(userId: string, digest: string): number {
    const last = this.#last.get(userId);
    const again = last?.digest === digest && last.at > this.#now() - FORGOTTEN_AFTER_MS;
    return again ? last.times : 0;
  }
}
