import type { Language } from './language.ts';
import { phrase } from './phrases.ts';
import { spokenMs } from './speech-rate.ts';

// Estimates how long a text takes to say, and cuts one that is too long. How fast each script is spoken is in
// `speech-rate.ts`.

/** The limits of what may be said at once. */
export interface Limits {
  /** UTF-8 bytes, which is what Fish Audio bills. */
  readonly maxBytes: number;
  /** Seconds of speech; at speed 2 twice as much text fits. */
  readonly maxSeconds: number;
  /** How fast the voice speaks: 0.5 to 2, where 1 is usual. */
  readonly speed: number;
  /** The language in which "and so on" is said. */
  readonly language: Language;
}

/** What a text takes, or may take: UTF-8 bytes, and milliseconds of speech at speed 1. */
interface Cost {
  readonly bytes: number;
  readonly ms: number;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
/** A text is cut at the end of a sentence only if at least this share of what would fit is kept. */
const SENTENCE_SHARE = 0.5;
/** The end of a word is looked for within this many UTF-16 units. */
const LONGEST_WORD = 64;
/** Signs that must not stand between the last word and "and so on". */
const LOOSE = /[\s\p{Ps}\p{Pi}\p{Pd},;:、，；：،]/u;

/** About how many seconds it takes to say a text at speed 1, by the estimates in `speech-rate.ts`. */
export function spokenSeconds(text: string): number {
  return costOf(text).ms / 1000;
}

/**
 * The text itself if it is within the limits. Else it is cut, and "and so on" follows, all within the limits: it is cut
 * at the end of a sentence, or of a word if the sentence is long, or of a character if the word is. If there is no room
 * for "and so on", it is only cut. What people see as one character is never cut apart.
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

/** The beginning of the text, up to the last good place for a cut that is not behind `end`. */
function cutBefore(text: string, end: number): { kept: string; atSentence: boolean } {
  // The sentence or word in which `end` lies is left out, since it may go on behind `end`.
  const sentence = startOfPart(SENTENCES, text, 0, end);
  if (sentence > 0 && sentence >= end * SENTENCE_SHARE)
    return { kept: text.slice(0, sentence).trimEnd(), atSentence: true };
  const from = startOfPart(GRAPHEMES, text, 0, Math.max(0, end - LONGEST_WORD));
  const word = startOfPart(WORDS, text, from, end);
  const at = beforeTag(text, word > from ? word : startOfPart(GRAPHEMES, text, 0, end));
  return { kept: withoutLooseEnd(text.slice(0, at)), atSentence: false };
}

/** The place `at`, or the beginning of an emotion tag in which it lies: half of a tag would be read out. */
function beforeTag(text: string, at: number): number {
  const open = text.lastIndexOf('[', at - 1);
  return open >= 0 && text.indexOf(']', open) >= at ? open : at;
}

function withoutLooseEnd(text: string): string {
  let end = text.length;
  while (LOOSE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The beginning of the part (sentence, word or character) in which `at` lies. The text is read only from `from` on. */
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

/** How many UTF-16 units of the text take no more than `most`; only whole code points count. */
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

/** The UTF-8 bytes of a code point. Half a surrogate pair is sent as U+FFFD, and has as many bytes as that. */
function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
