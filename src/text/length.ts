import type { Language } from './language.ts';
import { phrase } from './phrases.ts';
import { spokenMs } from './speech-rate.ts';

/** How much may be said at once. */
export interface Limits {
  /** In UTF-8, which is what Fish Audio bills. */
  readonly maxBytes: number;
  /** Seconds at speed 1; at speed 2 twice the text fits. */
  readonly maxSeconds: number;
  /** How fast the voice speaks: 0.5 to 2. */
  readonly speed: number;
  /** In which "and so on" is said. */
  readonly language: Language;
}

/** What a text costs, or may cost. */
interface Cost {
  readonly bytes: number;
  readonly ms: number;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
/** A cut at the end of a sentence or a word may give up so much of what would fit; in UTF-16 units for a word. */
const SENTENCE_SHARE = 0.5;
const LONGEST_WORD = 64;
/** What a voice would stumble over between the last word and "and so on". */
const LOOSE = /[\s\p{Ps}\p{Pi}\p{Pd},;:、，；：،]/u;

/** About how long a text takes to say at speed 1, in seconds: see the estimates in `speech-rate.ts`. */
export function spokenSeconds(text: string): number {
  return costOf(text).ms / 1000;
}

/**
 * The text if it is within the limits; else as many whole sentences of it as are, or words if the last sentence
 * is long, or characters if the last word is, and the words "and so on", which are within the limits too. Where
 * there is no room for those, it is only cut. Never cuts inside of what is seen as one character.
 */
export function shorten(text: string, limits: Limits): { text: string; cut: boolean } {
  const most: Cost = { bytes: limits.maxBytes, ms: limits.maxSeconds * limits.speed * 1000 };
  if (fittingLength(text, most) === text.length) return { text, cut: false };
  const more = phrase(limits.language, 'and-so-on');
  const ending = costOf(`… ${more}`);
  const room = fittingLength(text, { bytes: most.bytes - ending.bytes, ms: most.ms - ending.ms });
  const { kept, atSentence } = cutBefore(text, room);
  if (kept === '') return { text: cutBefore(text, fittingLength(text, most)).kept, cut: true };
  return { text: atSentence ? `${kept} ${more}` : `${kept}… ${more}`, cut: true };
}

/** The text up to the last good place to stop that is not behind `end`. */
function cutBefore(text: string, end: number): { kept: string; atSentence: boolean } {
  // One sentence or word more than fits, for what ends at `end` may go on behind it.
  const sentence = startOfPart(SENTENCES, text, 0, end);
  if (sentence > 0 && sentence >= end * SENTENCE_SHARE)
    return { kept: text.slice(0, sentence).trimEnd(), atSentence: true };
  const from = startOfPart(GRAPHEMES, text, 0, Math.max(0, end - LONGEST_WORD));
  const word = startOfPart(WORDS, text, from, end);
  const at = beforeTag(text, word > from ? word : startOfPart(GRAPHEMES, text, 0, end));
  return { kept: withoutLooseEnd(text.slice(0, at)), atSentence: false };
}

/** Not inside of a direction to the voice: half of one would be read out. */
function beforeTag(text: string, at: number): number {
  const open = text.lastIndexOf('[', at - 1);
  return open >= 0 && text.indexOf(']', open) >= at ? open : at;
}

function withoutLooseEnd(text: string): string {
  let end = text.length;
  while (LOOSE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Where the part begins in which `at` is: the last border of parts up to `at`, if one looks from `from` on. */
function startOfPart(parts: Intl.Segmenter, text: string, from: number, at: number): number {
  const window = text.slice(from, at + LONGEST_WORD);
  return from + (parts.segment(window).containing(at - from)?.index ?? window.length);
}

function costOf(text: string): Cost {
  let bytes = 0;
  let ms = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += utf8Length(code);
    ms += spokenMs(code);
  }
  return { bytes, ms };
}

/** How many UTF-16 units of the text cost no more than `most`, whole characters counted. */
function fittingLength(text: string, most: Cost): number {
  let bytes = 0;
  let ms = 0;
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += utf8Length(code);
    ms += spokenMs(code);
    if (bytes > most.bytes || ms > most.ms) break;
    length += character.length;
  }
  return length;
}

/** A half of a surrogate pair counts as U+FFFD, as which it is sent. */
function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
