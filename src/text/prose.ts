import type { Language } from './language.ts';
import { commaAfter, isClosing, isOpening, isPause, isWide, needsSpace, stopAfter } from './punctuation.ts';

/** How much stands between what was said and what comes next; of several the greatest holds. */
const NOTHING = 0;
const GAP = 1;
const SPACE = 2;
const COMMA = 3;
const STOP = 4;

const CLOSERS = new Set('"\'”’»)]}）］」』】》〉');
const WHITESPACE = /\s+/gu;

/** Words written one after another, with the pauses between them made where they are needed, and only once. */
export class Prose {
  readonly #language: Language;
  #text = '';
  #pause = NOTHING;
  #leftOut = false;
  /** The last character, and the last that is no closing quote or bracket. */
  #last = '';
  #end = '';

  constructor(language: Language) {
    this.#language = language;
  }

  get text(): string {
    return this.#text;
  }

  /** Words as they stand, with the spaces at their ends. */
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

  /** Words that stand for something else, apart from those beside them. */
  insert(words: string): void {
    this.#wait(GAP);
    this.write(words);
    this.#wait(GAP);
  }

  /** Nothing, where there was something: punctuation after it moves up. */
  leaveOut(): void {
    this.#wait(GAP);
    this.#leftOut = true;
  }

  /** Words between two short pauses. */
  aside(words: string): void {
    this.comma();
    this.write(words);
    this.comma();
  }

  comma(): void {
    this.#wait(COMMA);
  }

  /** The sentence ends. */
  stop(): void {
    this.#wait(STOP);
  }

  /** Makes the pause that is due, with nothing to follow. */
  end(): void {
    if (this.#text !== '' && !isPause(this.#end)) this.#text += stopAfter(this.#end).trimEnd();
    this.#pause = NOTHING;
  }

  #wait(pause: number): void {
    this.#pause = Math.max(this.#pause, pause);
  }

  #put(words: string): void {
    const first = String.fromCodePoint(words.codePointAt(0) ?? 0);
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
    if (this.#pause === SPACE) return this.#leftOut && isPause(next) ? '' : ' ';
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
