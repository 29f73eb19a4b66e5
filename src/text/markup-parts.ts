import { beginsBlock, FENCE } from './code-spans.ts';
import { marksAt } from './emphasis.ts';
import { linkAt, maskedLinkAt } from './links.ts';
import { formatAt } from './mentions.ts';
import { ESCAPABLE } from './scan.ts';
import { closeOfSpoiler } from './spoilers.ts';

// Finds the parts of a text that must not be cut apart, such as links and spoilers, also while the text is still being
// written. What begins and ends such a part is the same as in `scan.ts`, which splits texts that are whole.

/** A part of a text that must not be cut apart. */
export interface MarkupPart {
  readonly kind: 'code' | 'escape' | 'format' | 'link' | 'spoiler' | 'struck';
  readonly from: number;
  readonly end: number;
}

/** A mark that may begin such a part, but whose partner is not there yet. */
export interface OpenMark {
  /**
   * `block` is code that begins on a line of its own. A `spoiler` stands directly before a word, so that it is one even
   * if nothing closes it. A `maybe-spoiler` may also be the "or" of a program, as in "a || b".
   */
  readonly kind: 'block' | 'maybe-spoiler' | 'other' | 'spoiler';
  readonly at: number;
  /** The place behind the mark. */
  readonly end: number;
}

export interface Markup {
  /** In the order in which they begin. One may lie in another one. */
  readonly parts: readonly MarkupPart[];
  /** The first mark that is still open: what follows it may be hidden, struck out, code or an address. */
  readonly open: OpenMark | undefined;
}

/** What is known of the text besides its characters. */
export interface Surroundings {
  /** The character before the text. */
  readonly before: string;
  /**
   * Whether the text is whole: then a mark without a partner is plain text, unless it begins a `block` or `spoiler`.
   */
  readonly whole: boolean;
}

/**
 * In UTF-16 units. A mark whose partner is farther away, such as a backtick that is written by itself, is plain text:
 * the sentences behind it do not wait any longer.
 */
const LONGEST_PART = 300;
/** As long as a message of Discord can be, since hidden text is never said. */
const LONGEST_SPOILER = 2_000;

/** The escaped characters that are marks when nothing escapes them. */
const MARK = /[*_~|`[\]<>\\]/;
/** A link `[words](https://…` that is not whole yet. Its title may have spaces. */
const MASKED_BEGUN =
  /\[[^[\]\n]{0,300}(?:\](?:\(\s*<?(?:[a-z][a-z0-9+.-]{0,20}(?::(?:\/(?:\/\S*(?:\s+(?:["'][^\n]{0,200})?)?)?)?)?)?)?)?$/iy;
/** What does not belong to a link at its end, but would if the link went on. */
const TRAILING = /[.,:;!?'*_~)]*$/y;
/** What stands before an operator of a program, as in "a||b". */
const OPERAND = /[A-Za-z0-9_)\]]/;

/** Finds the parts of a text, and its first open mark. The time grows linearly, as in `scan.ts`. */
export function markupOf(text: string, surroundings: Surroundings): Markup {
  return new PartScanner(text, surroundings).scan();
}

class PartScanner {
  readonly #text: string;
  readonly #before: string;
  readonly #whole: boolean;
  readonly #parts: MarkupPart[] = [];
  /** The places of the marks that began to strike out. */
  readonly #strikes: number[] = [];
  #at = 0;
  #open: OpenMark | undefined;
  /** The link `[words](…)` whose words are being read. */
  #masked: { words: number; end: number } | undefined;

  constructor(text: string, { before, whole }: Surroundings) {
    this.#text = text;
    this.#before = before;
    this.#whole = whole;
  }

  scan(): Markup {
    while (this.#at < this.#text.length && !this.#open) this.#step();
    const strike = this.#strikes.find(at => this.#isAwaited(at, LONGEST_PART) || this.#isBeforeSpoiler(at));
    if (strike !== undefined && strike < (this.#open?.at ?? Number.POSITIVE_INFINITY)) {
      const { end } = (this.#whole && this.#open) || { end: strike + 2 };
      this.#open = { kind: this.#whole ? 'spoiler' : 'other', at: strike, end };
    }
    return { parts: this.#parts.sort((a, b) => a.from - b.from), open: this.#open };
  }

  #step(): void {
    switch (this.#text.charAt(this.#at)) {
      case '\\':
        return this.#escape();
      case '`':
        return this.#backticks();
      case '|':
        return this.#spoiler();
      case '~':
        return this.#strike();
      case '[':
        return this.#openLink();
      case ']':
        this.#at = this.#masked?.words === this.#at ? this.#masked.end : this.#at + 1;
        return;
      case '<':
        return this.#takeIf('format', formatAt(this.#text, this.#at)?.end);
      default:
        return this.#link();
    }
  }

  /** Whether the partner of a mark at the place `at` is still waited for. */
  #isAwaited(at: number, longest: number): boolean {
    return !this.#whole && this.#text.length - at <= longest;
  }

  /** Whether the end of what is struck out here may be in a spoiler that never ends: then neither is said. */
  #isBeforeSpoiler(at: number): boolean {
    return this.#open?.kind === 'spoiler' && this.#open.at - at <= LONGEST_PART;
  }

  #takeIf(kind: MarkupPart['kind'], end: number | undefined): void {
    if (end !== undefined) this.#parts.push({ kind, from: this.#at, end });
    this.#at = end ?? this.#at + 1;
  }

  #wait(kind: OpenMark['kind'] = 'other', end = this.#at + 2): void {
    this.#open = { kind, at: this.#at, end };
  }

  /** The place behind the run of equal characters that begins here; undefined while it may go on. */
  #endOfRun(): number | undefined {
    const sign = this.#text.charAt(this.#at);
    let end = this.#at + 1;
    while (this.#text.charAt(end) === sign) end += 1;
    return end === this.#text.length && !this.#whole ? undefined : end;
  }

  #escape(): void {
    const escaped = this.#text.charAt(this.#at + 1);
    if (escaped === '' && !this.#whole) this.#wait();
    else if (MARK.test(escaped)) this.#takeIf('escape', this.#at + 2);
    else this.#at += ESCAPABLE.test(escaped) ? 2 : 1;
  }

  #backticks(): void {
    const inner = this.#endOfRun();
    if (inner === undefined) return this.#wait();
    const length = inner - this.#at;
    // What is left of a run whose first backtick is escaped may begin a block, but no other code.
    const isRest = this.#text.charAt(this.#at - 1) === '`';
    if (isRest && length < FENCE) return void (this.#at = inner);
    const end = isRest ? undefined : this.#endOfCode(inner, length);
    const longest = length < FENCE ? LONGEST_PART : LONGEST_SPOILER;
    if (end !== undefined && end - this.#at <= longest) return this.#takeIf('code', end);
    if (length >= FENCE && beginsBlock(this.#text, this.#at, this.#before))
      return end === undefined ? this.#wait('block', inner) : this.#takeIf('code', end);
    if (end === undefined && this.#isAwaited(this.#at, longest)) return this.#wait();
    this.#at = inner;
  }

  /** The place behind the next run of as many backticks; all runs of `FENCE` and more are as good as each other. */
  #endOfCode(from: number, length: number): number | undefined {
    const text = this.#text;
    for (let at = text.indexOf('`', from); at >= 0; at = text.indexOf('`', at)) {
      const start = at;
      while (text.charAt(at) === '`') at += 1;
      if (at === text.length && !this.#whole) return undefined;
      if (Math.min(at - start, FENCE) === Math.min(length, FENCE)) return at;
    }
    return undefined;
  }

  #spoiler(): void {
    const text = this.#text;
    const at = this.#at;
    if (at + 1 === text.length && !this.#whole) return this.#wait();
    if (text.charAt(at + 1) !== '|') return this.#takeIf('spoiler', undefined);
    const close = closeOfSpoiler(text, at);
    if (close >= 0 && close - at <= LONGEST_SPOILER) return this.#takeIf('spoiler', close + 2);
    const isSure = /\S/.test(text.charAt(at + 2)) && !OPERAND.test(text.charAt(at - 1) || this.#before);
    if (isSure && close < 0) this.#wait('spoiler');
    else if (isSure) this.#takeIf('spoiler', close + 2);
    else if (close < 0 && this.#isAwaited(at, LONGEST_SPOILER)) this.#wait('maybe-spoiler');
    else this.#at += 1;
  }

  #strike(): void {
    const end = this.#endOfRun();
    if (end === undefined) return this.#wait();
    if (end - this.#at >= 2) {
      // The signs beside the marks decide, and the sign behind them may not be there yet.
      const { opens, closes } = marksAt(this.#text, this.#at);
      const from = closes ? this.#strikes.pop() : undefined;
      if (from !== undefined && end - from <= LONGEST_PART) this.#parts.push({ kind: 'struck', from, end });
      else if (opens && from === undefined) this.#strikes.push(this.#at);
    }
    this.#at = end;
  }

  #openLink(): void {
    const masked = maskedLinkAt(this.#text, this.#at);
    if (masked) {
      this.#masked = masked;
      this.#parts.push({ kind: 'link', from: this.#at, end: masked.end });
    } else if (this.#isAwaited(this.#at, LONGEST_SPOILER)) {
      MASKED_BEGUN.lastIndex = this.#at;
      if (MASKED_BEGUN.test(this.#text)) return this.#wait();
    }
    this.#at += 1;
  }

  #link(): void {
    const end = linkAt(this.#text, this.#at)?.end;
    TRAILING.lastIndex = end ?? 0;
    if (end !== undefined && TRAILING.test(this.#text) && this.#isAwaited(this.#at, LONGEST_SPOILER))
      return this.#wait();
    this.#takeIf('link', end);
  }
}
