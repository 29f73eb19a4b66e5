const OPEN = '<think>';
const CLOSE = '</think>';

/** What models that think aloud write before their answer, `<think>…</think>`, is left out. */
export class Thoughts {
  #state: 'unknown' | 'thinking' | 'answering' = 'unknown';
  #held = '';

  /** What of the answer can be passed on, now that this much more was written. */
  push(delta: string): string {
    if (this.#state === 'answering') return delta;
    this.#held += delta;
    const written = this.#held.trimStart();
    if (this.#state === 'unknown') {
      if (OPEN.startsWith(written)) return '';
      if (!written.startsWith(OPEN)) return this.end();
      this.#state = 'thinking';
    }
    const end = this.#held.indexOf(CLOSE);
    if (end < 0) return '';
    this.#state = 'answering';
    return this.#held.slice(end + CLOSE.length);
  }

  /** What was held back though it was no thought. */
  end(): string {
    const rest = this.#state === 'unknown' ? this.#held : '';
    this.#state = this.#state === 'unknown' ? 'answering' : this.#state;
    return rest;
  }
}
