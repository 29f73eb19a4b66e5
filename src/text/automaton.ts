/** Above all code points, so that a state and a code point make one number. */
const CODES = 0x110000;
const ROOT = 0;

/**
 * An automaton of Aho and Corasick ("Efficient string matching", Communications of the ACM 18(6), 1975) over code
 * points: finds all of its words at once, in one reading of a text. A word is known by the state at its end.
 */
export class Automaton {
  readonly #edges = new Map<number, number>();
  readonly #parents = [ROOT];
  readonly #codes = [0];
  readonly #depths = [0];
  readonly #isWord = [false];
  /** The longest proper ending of a state's letters that is a state too, and the longest that is a word, or the root. */
  #fallbacks = new Int32Array(1);
  #shorterWords = new Int32Array(1);

  /** Adds a word that is not empty, before `link()`; equal words have the same state. */
  add(word: Int32Array): number {
    let state = ROOT;
    for (const code of word) {
      const key = state * CODES + code;
      let next = this.#edges.get(key);
      if (next === undefined) {
        next = this.#parents.length;
        this.#edges.set(key, next);
        this.#parents.push(state);
        this.#codes.push(code);
        this.#depths.push(this.length(state) + 1);
        this.#isWord.push(false);
      }
      state = next;
    }
    this.#isWord[state] = true;
    return state;
  }

  /** Whether it is one of the words, as a whole. */
  has(word: Int32Array): boolean {
    let state: number | undefined = ROOT;
    for (const code of word) {
      state = this.#edges.get(state * CODES + code);
      if (state === undefined) return false;
    }
    return this.#isWord[state] ?? false;
  }

  /** How many code points lead to a state. */
  length(state: number): number {
    return this.#depths[state] ?? 0;
  }

  /** Once all words are in. Shorter states come first: what a state falls back to is shorter than itself. */
  link(): void {
    const count = this.#parents.length;
    this.#fallbacks = new Int32Array(count);
    this.#shorterWords = new Int32Array(count);
    const states = [...this.#parents.keys()].sort((a, b) => this.length(a) - this.length(b));
    for (const state of states) {
      if (this.length(state) < 2) continue;
      const above = this.#fallbacks[this.#parents[state] ?? ROOT] ?? ROOT;
      const fallback = this.#step(above, this.#codes[state] ?? 0);
      this.#fallbacks[state] = fallback;
      this.#shorterWords[state] = this.#isWord[fallback] ? fallback : (this.#shorterWords[fallback] ?? ROOT);
    }
  }

  /**
   * For each place in `text` the state of the longest word that begins there, or 0. Words that do not begin and
   * end at an edge, which is a place of `edges` that is not negative, are passed over.
   */
  longestWords(text: Int32Array, edges: Int32Array): Int32Array {
    const longest = new Int32Array(text.length);
    let state = ROOT;
    for (const [at, code] of text.entries()) {
      state = this.#step(state, code);
      if ((edges[at + 1] ?? 0) < 0) continue;
      let word = this.#isWord[state] ? state : (this.#shorterWords[state] ?? ROOT);
      while (word !== ROOT) {
        const start = at + 1 - this.length(word);
        if ((edges[start] ?? 0) >= 0) longest[start] = word;
        word = this.#shorterWords[word] ?? ROOT;
      }
    }
    return longest;
  }

  #step(from: number, code: number): number {
    let state = from;
    for (;;) {
      const next = this.#edges.get(state * CODES + code);
      if (next !== undefined) return next;
      if (state === ROOT) return ROOT;
      state = this.#fallbacks[state] ?? ROOT;
    }
  }
}
