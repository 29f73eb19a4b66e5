import type { Language } from './language.ts';
import { type Markup, type MarkupPart, markupOf, type OpenMark } from './markup-parts.ts';
import { EMPTY_SPOILER } from './spoilers.ts';

// Cuts a text into sentences while a language model or a program is still writing it, so that each can be said early.
// `markup-parts.ts` finds the parts that must not be cut apart, such as spoilers and links.

/** A part of a text that can be said by itself. */
export interface Cut {
  readonly text: string;
  /** True if a sentence ends here; false if a long sentence was cut at a place where one may breathe. */
  readonly ended: boolean;
}

/** In UTF-16 units. The end of a longer sentence is not waited for. */
const LONGEST = 200;
/** In UTF-16 units. A spoiler that is longer is said before its end is known. */
const LONGEST_AWAITED_SPOILER = 300;
/** Replaces a block of code, so that only the word "code" is said. */
const CODE = '``` ```';

/** What looks like the end of a sentence and is not one: an initial, a title, the number of an entry in a list. */
const GOES_ON =
  /(?:(?<![\p{L}\p{N}])(?:[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]|Dr|Mrs?|Ms|Prof|Sra?|Jr|St|Mme|vs|Nr|bzw|ca|Fig|approx)\.|^\W*\d{1,3}[.)])\s*$/u;
/** A sentence's last sign. Behind it, quotes and brackets may end. */
const LAST = '[.!?…。！？।؟]';
const CLOSERS = String.raw`'"”’»)\]」』`;
const ENDS = new RegExp(String.raw`(?<!\d)${LAST}[${CLOSERS}]*\s*$`, 'u');
const ENDS_WITH_MARKS = new RegExp(String.raw`${LAST}(?=[${CLOSERS}*_]*\s*$)`, 'u');
/** A sign of ASCII ends a sentence only if a space follows: another one may be part of an address or of a name. */
const NO_SPACE_FOLLOWS = /[.!?]['"”’»)\]]*$/u;
/** Chinese and Japanese are written without spaces. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;
/** Behind a full stop, a small letter goes on with the sentence, so the first letter behind it has to be known. */
const FULL_STOP = new RegExp(String.raw`[.․﹒．][${CLOSERS}*_]*\s*$`, 'u');
const TELLS = /[\p{L}\p{Sentence_Terminal}\p{Extended_Pictographic}\n]/u;
const MAY_END = /[\n\r\u0085\u2028\u2029\p{Sentence_Terminal}]/u;
/** The first signs of what is not said, or may not be: code, spoilers, struck-out text. */
const MAY_BE_UNSAID = /[`|~]/;
const CLAUSE_ENDS = /[,;:—–]\s|[、，；：]/gu;
/** Opening brackets and quotes at the end of a sentence. They belong to the next one. */
const OPENS = /[\p{Ps}\p{Pi}]+$/u;
/** A sentence's last sign, and the marks of emphasis that end behind it. */
const MARKS_BEHIND = new RegExp(String.raw`(${LAST}[${CLOSERS}]*)([*_]+[${CLOSERS}]*)(?=\s)`, 'gu');
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const LOOSE = /^[\s\p{P}]*$/u;
const LETTER = /[A-Za-z]/;
const SAID = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
/**
 * Takes the place of each sign in a part that must not be cut apart: it is neither a letter nor does it end anything.
 */
const FILLED = '\ufffc';

/**
 * Cuts a text into sentences while it is being written. In whatever pieces the text comes, the sentences are the same,
 * unless `settle` is called between two pieces.
 */
export class SentenceCutter {
  readonly #sentences: Intl.Segmenter;
  /** The text that is not known to be a whole sentence yet. */
  #open = '';
  /** The character before the open text. */
  #before = '\n';
  /** The first half of a character whose second half comes in the next piece. */
  #half = '';
  /** What the text is in whose end is looked for, since nothing of it is said: a block of code, or a long spoiler. */
  #unsaid: 'code' | 'spoiler' | null = null;
  /** Whether such a part has just ended: a sign that ends its sentence is not said by itself. */
  #behindUnsaid = false;
  /** What is struck out is said only in a text that has nothing else; null when something else has been cut. */
  #struck: Cut[] | null = [];

  constructor(language: Language) {
    this.#sentences = new Intl.Segmenter(language, { granularity: 'sentence' });
  }

  /** Takes the next piece of text, and returns what can be said by now. */
  push(written: string): Cut[] {
    const text = this.#half + written;
    this.#half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
    const cuts: Cut[] = [];
    for (const char of this.#half === '' ? text : text.slice(0, -1)) {
      const inWord = LETTER.test(char) && LETTER.test(this.#open.at(-1) ?? '');
      this.#open += char;
      // Nothing is decided in the middle of a word, which saves most of the work.
      if (!inWord && this.#mayBeCut()) cuts.push(...this.#ready(false));
    }
    return cuts;
  }

  /** Whether there is anything to look for in the open text: this costs far less than looking. */
  #mayBeCut(): boolean {
    const open = this.#open;
    return this.#unsaid !== null || open.length > LONGEST || MAY_END.test(open) || MAY_BE_UNSAID.test(open);
  }

  /** Call this when nothing came for a while: then what looks like a sentence counts as one. */
  settle(): Cut[] {
    if (this.#unsaid) return [];
    const markup = this.#markup(false);
    const seen = outline(this.#open, markup.parts);
    if (markup.open || !ENDS.test(seen) || GOES_ON.test(this.#open)) return [];
    return [...this.#ready(false), ...this.#take(this.#open.length, true)];
  }

  /** Call this when the text has ended; returns the rest of it. */
  end(): Cut[] {
    this.#open += this.#half;
    this.#half = '';
    const cuts = [...this.#ready(true), ...this.#take(this.#open.length, true)];
    return cuts.length === 0 && this.#struck ? this.#struck : cuts;
  }

  /** Takes out all sentences but the last one, which may go on; with `whole`, nothing comes behind the text. */
  #ready(whole: boolean): Cut[] {
    const cuts: Cut[] = [];
    for (let goesOn = true; goesOn; ) {
      const before = this.#open.length;
      cuts.push(...(this.#unsaid ? this.#leaveOut(whole) : this.#next(whole)));
      goesOn = this.#open.length < before && this.#open !== '';
    }
    return cuts;
  }

  /** Drops what is not said, up to its end. */
  #leaveOut(whole: boolean): Cut[] {
    const end = this.#unsaid === 'code' ? /`{3,}(?!`|$)/u.exec(this.#open) : /\|\|/u.exec(this.#open);
    if (end) {
      this.#drop(end.index + end[0].length);
      this.#unsaid = null;
      this.#behindUnsaid = true;
    } else {
      // The end may have begun with the last characters.
      const kept = whole ? '' : (/(?:`+|\|)$/u.exec(this.#open)?.[0] ?? '');
      this.#drop(this.#open.length - kept.length);
    }
    return [];
  }

  /** Takes out the next sentence, or what comes before something that is not said; nothing if none is known to end. */
  #next(whole: boolean): Cut[] {
    const { parts, open } = this.#markup(whole);
    const known = open?.at ?? this.#open.length;
    const seen = outline(this.#open, parts);
    const sentence = this.#sentenceIn(seen.slice(0, known) + (open?.kind === 'spoiler' ? 'X' : ''), known);
    if (sentence > 0) return this.#take(sentence, true);
    if (open?.kind === 'block') return this.#takeUnsaid('code', open);
    if (open?.kind === 'spoiler' && (whole || this.#open.length - known > LONGEST_AWAITED_SPOILER))
      return this.#takeUnsaid('spoiler', open);
    const breath = this.#open.length > LONGEST ? placeToBreathe(seen, { parts, known }) : 0;
    return breath > 0 ? this.#take(breath, false) : [];
  }

  /** Takes out what comes before an open mark, and drops the mark, with which something begins that is not said. */
  #takeUnsaid(kind: 'code' | 'spoiler', { at, end }: OpenMark): Cut[] {
    const cuts = this.#take(at, kind === 'code');
    this.#drop(end - at);
    this.#unsaid = kind;
    this.#struck = null;
    return [...cuts, kind === 'code' ? { text: CODE, ended: true } : { text: EMPTY_SPOILER, ended: false }];
  }

  /**
   * The place behind the first sentence of a text, of which the first `known` characters may be cut; 0 if none ends.
   */
  #sentenceIn(outlined: string, known: number): number {
    if (!MAY_END.test(outlined)) return 0;
    const text = outlined.replace(MARKS_BEHIND, '$2$1');
    for (const { index } of this.#sentences.segment(text)) {
      const sentence = text.slice(0, index).replace(OPENS, '');
      const behind = text.slice(sentence.length);
      if (sentence.trim() === '' || index > known) continue;
      if (GOES_ON.test(this.#open.slice(0, sentence.length).replaceAll(/[*_]/gu, ''))) continue;
      if (NO_SPACE_FOLLOWS.test(sentence) && !UNSPACED.test(behind)) continue;
      if (FULL_STOP.test(sentence) && !sentence.endsWith('\n') && !TELLS.test(behind)) continue;
      return sentence.length;
    }
    return 0;
  }

  /** Takes out the text up to a place; what is blank is dropped, and so is what is struck out. */
  #take(end: number, ended: boolean): Cut[] {
    const text = this.#open.slice(0, end);
    const { parts } = markupOf(text, { before: this.#before, whole: true });
    this.#drop(end);
    if (text.trim() === '') return [];
    const isLoose = this.#behindUnsaid && LOOSE.test(text);
    this.#behindUnsaid = false;
    if (isLoose) return [];
    const cut = { text: withoutLoneMarks(text, parts).trim(), ended };
    const isStruck = parts.some(({ kind }) => kind === 'struck') && !SAID.test(withoutStruck(text, parts));
    if (isStruck) {
      this.#struck?.push(cut);
      return [];
    }
    if (SAID.test(text)) this.#struck = null;
    return [cut];
  }

  #drop(length: number): void {
    this.#before = this.#open.charAt(length - 1) || this.#before;
    this.#open = this.#open.slice(length);
  }

  #markup(whole: boolean): Markup {
    return markupOf(this.#open, { before: this.#before, whole });
  }
}

/**
 * A text of the same length in which no sentence ends inside a part that must not be cut apart. What is hidden or
 * struck out, and the words of a link, may have a sentence's last sign: it stands at the end of the part.
 */
function outline(text: string, parts: readonly MarkupPart[]): string {
  if (parts.length === 0) return text;
  const signs = text.split('');
  for (const { kind, from, end } of parts) {
    const inner = text.slice(from, end);
    for (let at = from; at < end; at += 1)
      signs[at] = kind === 'spoiler' ? 'X' : LETTER.test(text.charAt(at)) ? text.charAt(at) : FILLED;
    const words =
      kind === 'spoiler' || kind === 'struck' ? inner.slice(2, -2) : /^\[([^[\]]*)\]/u.exec(inner)?.[1];
    const last = ENDS_WITH_MARKS.exec(words ?? '')?.[0];
    if (last !== undefined) signs[end - 1] = last;
  }
  return signs.join('');
}

/**
 * The place to cut a long sentence, outside all parts that must not be cut apart: in its second half after a clause or
 * a word, or else before its last character, or before or behind such a part. 0 if the place is not known yet.
 */
function placeToBreathe(
  text: string,
  { parts, known }: { parts: readonly MarkupPart[]; known: number },
): number {
  const around = (at: number) => parts.filter(({ from, end }) => from < at && at < end);
  const isGood = (at: number) => at > LONGEST / 2 && at <= known && around(at).length === 0;
  const beginning = text.slice(0, LONGEST);
  const clauses = [...beginning.matchAll(CLAUSE_ENDS)].map(({ index, 0: sign }) => index + sign.length);
  const words = [...beginning.matchAll(/ /gu)].map(({ index }) => index + 1);
  const good = clauses.findLast(isGood) ?? words.findLast(isGood);
  if (good !== undefined) return good;
  if (known < LONGEST) return 0;
  let at = GRAPHEMES.segment(beginning).containing(LONGEST - 1)?.index || LONGEST;
  for (let inside = around(at); inside.length > 0; inside = around(at)) {
    const from = Math.min(...inside.map(part => part.from));
    at = text.slice(0, from).trim() === '' ? Math.max(...inside.map(({ end }) => end)) : from;
  }
  return at <= known ? at : 0;
}

const MARKS = [/\*\*/gu, /__/gu, /~~/gu, /`/gu, /(?<!\*)\*(?!\*)(?=\S)|(?<=\S)(?<!\*)\*(?!\*)/gu];

/** Takes the place of a mark that is left out. */
const GONE = '\ufffc';
/**
 * Two signs that would become one longer mark, of code, a spoiler or what is struck out, without what is between them.
 */
const JOINED = /([`|~])\ufffc+(?=\1)/gu;

/**
 * The text without marks of emphasis that have no partner in it: they would be read out. Those of spoilers stay, since
 * what is hidden is not said.
 */
function withoutLoneMarks(text: string, parts: readonly MarkupPart[]): string {
  const seen = outline(text, parts);
  const lone = new Set<number>();
  for (const mark of MARKS) {
    const found = [...seen.matchAll(mark)];
    if (found.length % 2 === 1)
      for (const { 0: sign, index } of found)
        for (let at = index; at < index + sign.length; at += 1) lone.add(at);
  }
  if (lone.size === 0) return text;
  const left = text.split('').map((sign, at) => (lone.has(at) ? GONE : sign));
  return left.join('').replaceAll(JOINED, '$1 ').replaceAll(GONE, '');
}

function withoutStruck(text: string, parts: readonly MarkupPart[]): string {
  const struck = parts.filter(({ kind }) => kind === 'struck');
  return struck.reduceRight((rest, { from, end }) => rest.slice(0, from) + rest.slice(end), text);
}
