// Makes lines of the keys that somebody presses, for input that must not be shown, such as a token. `hidden-answers.ts`
// asks the questions.

/** What somebody does at a terminal: a line with its end, Ctrl-C, or the end of the input. */
export type TerminalInput = { readonly line: string } | 'interrupt' | 'end';

const ESC = '\u001b';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const CTRL_W = '\u0017';
const DELETE = '\u007f';

/** Line ends, sequences of an escape character (ECMA-48: arrow keys, marks of what is pasted), other keys, and text. */
const TOKENS = new RegExp(`\\r\\n|${ESC}\\[[0-9;?]*[ -/]*[@-~]|${ESC}O.|${ESC}[^[O]|\\p{Cc}|\\P{Cc}+`, 'gsu');
/** A sequence of an escape character whose end has not come yet. */
const UNFINISHED = new RegExp(`${ESC}(\\[[0-9;?]*[ -/]*|O)?$`);

/**
 * Makes lines of what a terminal in raw mode sends: backspace, Ctrl-U and Ctrl-W take characters away, and what is
 * pasted is text, also where the terminal marks its beginning and end. Several lines at once stay several lines.
 */
export class TypedLines {
  #line = '';
  #rest = '';
  /** Whether a line has just ended with a carriage return, after which a line feed belongs to that end. */
  #returned = false;

  /** Takes what has come, and returns what that completes. */
  push(text: string): TerminalInput[] {
    const all = this.#rest + text;
    this.#rest = UNFINISHED.exec(all)?.[0] ?? '';
    const whole = all.slice(0, all.length - this.#rest.length);
    return (whole.match(TOKENS) ?? []).flatMap(token => this.#take(token));
  }

  /** The input has ended: what there is of a line is one. */
  end(): TerminalInput[] {
    return this.#line === '' ? ['end'] : [{ line: this.#finish() }, 'end'];
  }

  #take(token: string): TerminalInput[] {
    const afterReturn = this.#returned;
    this.#returned = token === '\r';
    switch (token) {
      case '\n':
        return afterReturn ? [] : [{ line: this.#finish() }];
      case '\r':
      case '\r\n':
        return [{ line: this.#finish() }];
      case CTRL_C:
        return ['interrupt'];
      case CTRL_D:
        return this.#line === '' ? ['end'] : [];
      case DELETE:
      case '\b':
        this.#line = Array.from(this.#line).slice(0, -1).join('');
        return [];
      case CTRL_U:
        this.#line = '';
        return [];
      case CTRL_W:
        this.#line = this.#line.replace(/\S*\s*$/, '');
        return [];
      default:
        if (!/^\p{Cc}/u.test(token)) this.#line += token;
        return [];
    }
  }

  #finish(): string {
    const line = this.#line;
    this.#line = '';
    return line;
  }
}
