import type { Language } from './language.ts';
import { commaAfter, isClosing, isOpening, isPause, isWide, needsSpace, stopAfter } from './punctuation.ts';

// Puts words together to a text with the right spaces and pauses between them, for `render.ts`, `message-words.ts` and
// others.

/** What is to stand between the last words and the next ones. If several are asked for, the greatest one counts. */
const NOTHING = 0;
const GAP = 1;
const SPACE = 2;
const COMMA = 3;
const STOP = 4;

const CLOSERS = new Set('"\'”’»)]}）］」』】》〉');
const WHITESPACE = /\s+/gu;

/** Joins words to a text, and puts spaces and punctuation between them where they are needed, and only once. */
export class Prose {
  readonly #language: Language;
  #text = '';
  #pause = NOTHING;
  #leftOut = false;
  #spaceIsComma = false;
  /** The last character (`#last`), and the last one that is no closing quote or bracket (`#end`). */
  #last = '';
  #end = '';

  constructor(language: Language) {
    this.#language = language;
  }

  get text(): string {
    return this.#text;
  }

  /** Whether the next words begin the text or a sentence. */
  get isAtStart(): boolean {
    return this.#text === '' || this.#pause === STOP;
  }

  /** Adds words as they are written, with the spaces before and after them. */
  write(words: string): void {
    const trimmed = words.trim();
    if (trimmed === '') {
      if (words !== '') this.#wait(SPACE);
      return;
    }
    if (words.trimStart() !== words) this.#wait(SPACE);
    this.#put(trimmed.replace(WHITESPACE, space => (space === '\u3000' ? space : ' ')));
    this.#pause = words.trimEnd() === words ? NOTHING : SPACE;
  }

  /** Adds words that stand for something else, such as a mention, and separates them from their neighbours. */
  insert(words: string): void {
    this.#wait(GAP);
    this.write(words);
    this.#wait(GAP);
  }

  /**
   * Adds a word, which may begin with any sign, with a space on each side, but for the one before punctuation and those
   * inside brackets.
   */
  apart(word: string): void {
    if (!isOpening(this.#last)) this.#wait(SPACE);
    this.#put(word, '');
    this.#pause = SPACE;
    this.#leftOut = true;
    // What is said for the word ends in no pause, whatever sign the word ends in.
    if (isPause(this.#end)) this.#end = '';
  }

  /** Notes that something is left out here, so that no space stays before punctuation that follows. */
  leaveOut(): void {
    this.#wait(GAP);
    this.#leftOut = true;
  }

  /** Adds words between two short pauses. */
  aside(words: string): void {
    this.comma();
    this.write(words);
    this.comma();
  }

  /** Asks for a short pause before the next words. */
  comma(): void {
    this.#wait(COMMA);
  }

  /** Makes a space that may follow now a short pause. */
  commaForSpace(): void {
    this.#spaceIsComma = true;
  }

  /** Ends the sentence. */
  stop(): void {
    this.#wait(STOP);
  }

  /** Ends the text with a full stop, unless it ends with a pause already. */
  end(): void {
    if (this.#text !== '' && !isPause(this.#end)) this.#text += stopAfter(this.#end).trimEnd();
    this.#pause = NOTHING;
  }

  #wait(pause: number): void {
    this.#pause = Math.max(this.#pause, pause);
  }

  /** Adds words behind what their first character `first` needs before it; an empty one is no punctuation. */
  #put(words: string, first = String.fromCodePoint(words.codePointAt(0) ?? 0)): void {
    if (this.#spaceIsComma && this.#pause === SPACE) this.#pause = COMMA;
    this.#spaceIsComma = false;
    this.#text += this.#between(first) + words;
    this.#leftOut = false;
    let end = words.length - 1;
    this.#last = lastCharacter(words, end);
    while (end >= 0 && CLOSERS.has(words.charAt(end))) end -= 1;
    if (end >= 0) this.#end = lastCharacter(words, end);
  }

  #between(next: string): string {
    if (this.#text === '' || this.#pause === NOTHING) return '';
    if (this.#pause === GAP) return needsSpace(this.#last, next) ? ' ' : '';
    if (this.#pause === SPACE) return this.#leftOut && (isPause(next) || isClosing(next)) ? '' : ' ';
    if (isOpening(this.#last) || isClosing(next)) return '';
    if (isPause(next)) return this.#pause === STOP ? ' ' : '';
    if (isPause(this.#end)) return isWide(this.#last) ? '' : ' ';
    return this.#pause === COMMA ? commaAfter(this.#end, this.#language) : stopAfter(this.#end);
  }
}

function lastCharacter(text: string, at: number): string {
  const low = text.charAt(at);
  return low >= '\udc00' && low <= '\udfff' ? text.slice(at - 1, at + 1) : low;
}
