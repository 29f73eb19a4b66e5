/** How often within `WINDOW_MS` milliseconds a voice session may be resumed after its socket was lost. */
const MAX_RESUMES = 5;
const WINDOW_MS = 30_000;

/**
 * Counts how often the voice library resumes the voice session of a call. It does so at once and without end, and a
 * voice server that drops each socket would have it open a hundred sockets a second, which all guilds of the process
 * would feel.
 */
export class Resumes {
  /** By `performance.now()`. */
  #times: number[] = [];

  /** Counts a resume, and returns whether it may go on; if not, the link re-joins, with its growing pauses. */
  mayResume(): boolean {
    const now = performance.now();
    this.#times = [...this.#times.filter(at => now - at < WINDOW_MS), now].slice(-MAX_RESUMES - 1);
    return this.#times.length <= MAX_RESUMES;
  }
}
