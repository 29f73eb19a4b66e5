// Some models write down their thoughts before they answer. Nobody shall hear or see these, so they are removed here.

const OPEN = '<think>';
const CLOSE = '</think>';

/** Removes the thoughts that some models write before their answer, between `<think>` and `</think>`. */
export class Thoughts {
  #state: 'unknown' | 'thinking' | 'answering' = 'unknown';
  #held = '';

  /** Takes the next piece of what the model writes, and returns what is surely part of the answer by now. */
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

  /** Call this at the end; returns what was held back although it was no thought. */
  end(): string {
    const rest = this.#state === 'unknown' ? this.#held : '';
    this.#state = this.#state === 'unknown' ? 'answering' : this.#state;
    return rest;
  }
}
