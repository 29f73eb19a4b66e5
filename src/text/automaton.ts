// Finds the words of a dictionary, however many they are, in one pass over a text.

/** Larger than all code points, so that a state and a code point can be put into one number. */
const CODES = 0x110000;
const ROOT = 0;

/**
 * Finds many words at once in one pass over a text: the automaton of Aho and Corasick ("Efficient string matching",
 * Communications of the ACM 18(6), 1975), over code points. A word is identified by the state that is reached at its
 * end. All words are added first, then `link` is called once, and then texts can be searched.
 */
export class Automaton {
  readonly #edges = new Map<number, number>();
  readonly #parents = [ROOT];
  readonly #codes = [0];
  readonly #depths = [0];
  readonly #isWord = [false];
  /**
   * For each state: the longest proper ending of its letters that is a state too (`#fallbacks`), and the longest one
   * that is a word (`#shorterWords`); the root when there is none.
   */
  #fallbacks = new Int32Array(1);
  #shorterWords = new Int32Array(1);

  /** Whether no word was added. */
  get isEmpty(): boolean {
    return this.#parents.length === 1;
  }

  /** Adds a word, which must not be empty, and returns its state. Equal words have the same state. */
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

  /** Whether this is one of the words. */
  has(word: Int32Array): boolean {
    let state: number | undefined = ROOT;
    for (const code of word) {
      state = this.#edges.get(state * CODES + code);
      if (state === undefined) return false;
    }
    return this.#isWord[state] ?? false;
  }

  /** How many code points the letters of a state have. */
  length(state: number): number {
    return this.#depths[state] ?? 0;
  }

  /** Makes the automaton ready for searching, once all words are added. */
  link(): void {
    const count = this.#parents.length;
    this.#fallbacks = new Int32Array(count);
    this.#shorterWords = new Int32Array(count);
    // Shorter states come first, since each state falls back to a shorter one.
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
   * For each place in `text`, the state of the longest word that begins there, or 0 if none does. A word counts only if
   * it begins and ends at an edge, which is a place at which `edges` is not negative.
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
