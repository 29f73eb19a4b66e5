/**
 * When the bot leaves, Discord's own "left" state arrives within this time, even if the gateway had to be resumed
 * meanwhile. After that the state was lost on the way.
 */
const ECHO_MS = 15_000;

/**
 * When the bot has left voice channels of one guild without an answer from Discord so far. A link (`link.ts`) that ends
 * gets no answer any more, and so the next one has to know of its leaving: otherwise it would take the answer for a
 * disconnection by somebody.
 */
export class Departures {
  /** By `performance.now()`. */
  #times: number[] = [];

  /** Notes that the bot has asked Discord to let it leave. */
  left(): void {
    this.#times.push(performance.now());
  }

  /** Call this when Discord says that the bot is in no channel. Returns whether the bot itself had left. */
  answered(): boolean {
    const now = performance.now();
    this.#times = this.#times.filter(at => now - at < ECHO_MS);
    return this.#times.shift() !== undefined;
  }

  /** Call this when the gateway's session was lost: Discord answers nothing that was asked before. */
  forget(): void {
    this.#times = [];
  }
}
