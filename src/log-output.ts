import { writeSync } from 'node:fs';
import { errorCode } from './errors.ts';

// Brings the lines of the log to whoever reads them, such as a terminal, a file or Docker, so that a slow reader never
// makes the bot's speech late. What a line may contain is decided in `log.ts`.

/** After how long the rest is written to a reader that took nothing more. */
const AGAIN_MS = 20;
/** How long the process, when it ends, waits at most for a reader that takes nothing more. */
const LAST_MS = 1_000;
/** How much is kept for a slow reader at most. A line for which there is no more room is lost, and counted. */
const KEPT_BYTES = 1_000_000;
/** The operating system's codes for: the reader has not yet taken what was written before. */
const FULL: ReadonlySet<unknown> = new Set(['EAGAIN', 'EBUSY']);

/**
 * Writes lines to a file descriptor, each at once where that is possible. A reader that is slow, or that is gone,
 * neither holds up the event loop nor keeps the process from ending: lines are then kept for it, or lost.
 */
export class LogOutput {
  readonly #fd: number;
  /** The lines that the reader has not taken yet, in order; of the first it may have taken a part. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #lostLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(fd: number) {
    this.#fd = fd;
    process.once('exit', () => this.#finish());
  }

  /** Writes a line, which ends with a line feed. Never throws. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#keptBytes + bytes.length > KEPT_BYTES) {
      this.#lostLines += 1;
      return;
    }
    this.#keep(bytes);
    if (this.#timer === undefined) this.#pour();
  }

  #keep(bytes: Buffer): void {
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
  }

  /** Writes what is kept, as far as the reader takes it; the rest follows later. */
  #pour(): void {
    this.#timer = undefined;
    if (this.#writeKept()) return;
    this.#timer = setTimeout(() => this.#pour(), AGAIN_MS);
    this.#timer.unref();
  }

  /** Whether nothing is left to be written. */
  #writeKept(): boolean {
    while (this.#keptBytes > 0) {
      // All together, because a socket is full of many short lines much sooner than of one long piece.
      const all = Buffer.concat(this.#kept);
      const written = this.#writeSome(all);
      if (written === 0) return false;
      if (written === null) this.#lostLines += this.#kept.length;
      const rest = all.subarray(written ?? all.length);
      this.#kept = rest.length > 0 ? [rest] : [];
      this.#keptBytes = rest.length;
      if (written !== null && rest.length === 0 && this.#lostLines > 0) this.#tellOfLost();
    }
    return true;
  }

  /** Returns how many of the bytes were written: none if the reader takes no more for now; null if that failed. */
  #writeSome(bytes: Buffer): number | null {
    try {
      return writeSync(this.#fd, bytes);
    } catch (error) {
      // With any other code nobody reads any more, or the disk is full, and there is no other place to say so.
      return FULL.has(errorCode(error)) ? 0 : null;
    }
  }

  #tellOfLost(): void {
    const event = {
      level: 'warn',
      time: new Date().toISOString(),
      lines: this.#lostLines,
      msg: 'lines of the log are lost: whoever reads it was too slow, or could not be reached',
    };
    this.#lostLines = 0;
    this.#keep(Buffer.from(`${JSON.stringify(event)}\n`));
  }

  #finish(): void {
    clearTimeout(this.#timer);
    const nothing = new Int32Array(new SharedArrayBuffer(4));
    for (const end = performance.now() + LAST_MS; !this.#writeKept() && performance.now() < end; )
      Atomics.wait(nothing, 0, 0, AGAIN_MS);
  }
}
