import { beginsBlock, codeSpans } from './code-spans.ts';
import { emojiAt, mayBeEmoji } from './emoji.ts';
import { marksAt, readableTokens } from './emphasis.ts';
import { faceAt, mayBeFace } from './faces.ts';
import { kaomojiSpans } from './kaomoji.ts';
import { linkAt, maskedLinkAt } from './links.ts';
import { everybodyAt, formatAt, shortcodeAt } from './mentions.ts';
import { closeOfSpoiler } from './spoilers.ts';
import type { Found, Token } from './token.ts';

// Cuts a message into pieces (`token.ts`) as Discord's clients understand it: text, mentions, links, code, bold. What
// is said for each piece is decided in `render.ts`.

/** The marks of quotes, subtext, headings and lists at the beginning of a line. Several may follow each other. */
const LINE_MARK = /[ \t]*(?:>>>|>|-#|#{1,3}|[-*])[ \t]+/y;
/** The characters that a backslash before them makes plain text. */
export const ESCAPABLE = /[!-/:-@[-`{-~]/;

/**
 * Splits a message into tokens, as Discord's clients understand it. It is one pass from left to right without
 * recursion, so that the time depends only on the length of the message, however deeply its markup is nested.
 */
export function scan(text: string): readonly Token[] {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  readonly #code: ReadonlyMap<number, number>;
  readonly #kaomoji: ReadonlyMap<number, number>;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** The place from which on the text is in no token yet. */
  #from = 0;
  /** The link `[words](…)` whose words are being read. */
  #masked: { words: number; end: number } | undefined;
  #noMoreSpoilers = false;

  constructor(text: string) {
    this.#text = text;
    this.#code = codeSpans(text);
    this.#kaomoji = kaomojiSpans(text);
  }

  scan(): readonly Token[] {
    this.#beginLine();
    while (this.#at < this.#text.length) this.#step();
    this.#endText(this.#at);
    return readableTokens(this.#tokens);
  }

  #step(): void {
    const face = this.#face();
    if (face) return this.#take(face);
    switch (this.#text.charAt(this.#at)) {
      case '\n':
        this.#take({ token: { kind: 'break' }, end: this.#at + 1 });
        return this.#beginLine();
      case '\\':
        return this.#escape();
      case '[':
        return this.#openLink();
      case ']':
        return this.#closeLink();
      case '`':
        return this.#backticks();
      default: {
        const found = this.#tokenHere();
        if (found) this.#take(found);
        else this.#at += 1;
      }
    }
  }

  #tokenHere(): Found | undefined {
    const text = this.#text;
    const at = this.#at;
    switch (text.charAt(at)) {
      case '|':
        return this.#spoiler();
      case '<':
        return formatAt(text, at);
      case '@':
        return everybodyAt(text, at);
      case ':':
        return shortcodeAt(text, at);
      case '*':
      case '_':
      case '~':
        return this.#emoji() ?? this.#marks();
      default:
        return this.#emoji() ?? linkAt(text, at);
    }
  }

  #take({ token, end }: Found): void {
    this.#endText(this.#at);
    this.#tokens.push(token);
    this.#skipTo(end);
  }

  #endText(end: number): void {
    if (end > this.#from) this.#tokens.push({ kind: 'text', text: this.#text.slice(this.#from, end) });
    this.#from = end;
  }

  #skipTo(end: number): void {
    this.#at = end;
    this.#from = end;
  }

  #beginLine(): void {
    for (LINE_MARK.lastIndex = this.#at; LINE_MARK.test(this.#text); ) this.#skipTo(LINE_MARK.lastIndex);
  }

  #escape(): void {
    if (ESCAPABLE.test(this.#text.charAt(this.#at + 1))) {
      this.#endText(this.#at);
      this.#from = this.#at + 1;
      this.#at += 1;
    }
    this.#at += 1;
  }

  #backticks(): void {
    const end = this.#code.get(this.#at) ?? this.#unclosedCode();
    if (end !== undefined) return this.#take({ token: { kind: 'code' }, end });
    while (this.#text.charAt(this.#at) === '`') this.#at += 1;
  }

  /** The end of a block of code that nothing closes: all of the text, if the block begins or goes on with a line. */
  #unclosedCode(): number | undefined {
    const at = this.#at;
    if (!this.#text.startsWith('```', at)) return undefined;
    return beginsBlock(this.#text, at) ? this.#text.length : undefined;
  }

  /** The spoiler that begins here, up to the next `||`, whatever is in it: hidden text is never said. */
  #spoiler(): Found | undefined {
    if (this.#noMoreSpoilers || this.#text.charAt(this.#at + 1) !== '|') return undefined;
    const close = closeOfSpoiler(this.#text, this.#at);
    this.#noMoreSpoilers = close < 0;
    return close < 0 ? undefined : { token: { kind: 'spoiler' }, end: close + 2 };
  }

  #openLink(): void {
    const masked = maskedLinkAt(this.#text, this.#at);
    if (masked) {
      this.#masked = masked;
      this.#endText(this.#at);
      this.#from = this.#at + 1;
    }
    this.#at += 1;
  }

  #closeLink(): void {
    if (this.#masked?.words !== this.#at) {
      this.#at += 1;
    } else {
      this.#endText(this.#at);
      this.#skipTo(this.#masked.end);
    }
  }

  #face(): Found | undefined {
    const text = this.#text;
    const end = this.#kaomoji.get(this.#at);
    if (end !== undefined) return { token: { kind: 'face', face: text.slice(this.#at, end) }, end };
    return mayBeFace(text.charAt(this.#at)) ? faceAt(text, this.#at) : undefined;
  }

  #marks(): Found {
    const token = marksAt(this.#text, this.#at);
    return { token, end: this.#at + token.left };
  }

  #emoji(): Found | undefined {
    const code = this.#text.charCodeAt(this.#at);
    return mayBeEmoji(code, this.#text.charCodeAt(this.#at + 1)) ? emojiAt(this.#text, this.#at) : undefined;
  }
}
