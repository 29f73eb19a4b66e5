import { type TerminalInput, TypedLines } from './typed-lines.ts';

/** The person at the terminal wants the program to end (Ctrl-C). */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** What is read from; a terminal has `setRawMode`. */
type Input = NodeJS.ReadStream & { readonly fd: number };

/**
 * Asks for secrets. What is typed or pasted at a terminal is not shown; from a pipe each answer is one line. Disposing
 * of it gives the terminal back.
 */
export class HiddenAnswers implements Disposable {
  readonly #input: Input;
  readonly #show: (text: string) => void;
  readonly #lines = new TypedLines();
  readonly #come: TerminalInput[] = [];
  readonly #onInterrupt: () => void;
  #wake: (() => void) | null = null;

  /**
   * `show` writes to where the questions go. `onInterrupt` is called at Ctrl-C while nothing is being asked: a terminal
   * in raw mode sends no signal.
   */
  constructor(input: Input, show: (text: string) => void, onInterrupt: () => void) {
    this.#onInterrupt = onInterrupt;
    this.#input = input;
    this.#show = show;
    if (this.isTerminal) input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', (text: string) => this.#take(this.#lines.push(text)));
    input.on('end', () => this.#take(this.#lines.end()));
  }

  get isTerminal(): boolean {
    return this.#input.isTTY;
  }

  /**
   * Asks, and resolves with the answer without space around it; with null when the input has ended. Rejects with
   * InterruptedError after Ctrl-C.
   */
  async ask(question: string): Promise<string | null> {
    this.#show(question);
    if (this.#come.length === 0) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    this.#show('\n');
    const [typed] = this.#come;
    if (typed === 'interrupt') throw new InterruptedError('interrupted');
    if (typed === 'end' || typed === undefined) return null; // it stays: whoever asks again gets the same
    this.#come.shift();
    return typed.line.trim();
  }

  [Symbol.dispose](): void {
    if (this.isTerminal) this.#input.setRawMode(false);
    this.#input.pause();
  }

  #take(typed: readonly TerminalInput[]): void {
    if (typed.length === 0) return;
    // Ctrl-C counts at once, whatever was typed before it.
    if (typed.includes('interrupt')) {
      if (!this.#wake) return this.#onInterrupt();
      this.#come.unshift('interrupt');
    } else this.#come.push(...typed);
    this.#wake?.();
  }
}
