import { withoutLooseBrackets } from './brackets.ts';
import { PAUSE, withoutAngles, withoutSilentSigns } from './signs.ts';

// One of the last stages of a text: drops whatever a voice could not say, such as a bracket without its partner.

/** Pauses, and bars that stood beside angle brackets. */
const PAUSES = new RegExp(`[${PAUSE}|]`, 'gu');
/** Commas before the first word. */
const LEADING = /^[\s,;:、，；：،؛]+/u;
const SPACES = /[^\S\u3000]{2,}/gu;

/** What is dropped may leave another sign without its neighbour, which is then dropped too; at most this many times. */
const MOST_TIMES = 6;

/**
 * The text with only what can be said: no sign that only draws, no bracket without its partner, no mark without its
 * letter. It comes after everything that puts text in, so that this holds for names and the dictionary too.
 */
export function sayable(text: string): string {
  let said = text;
  for (let times = 0; times < MOST_TIMES; times++) {
    const before = said;
    const words = withoutAngles(withoutSilentSigns(said)).replace(PAUSES, ' ');
    said = withoutLooseBrackets(words).replace(SPACES, ' ').replace(LEADING, '').trim();
    if (said === before) break;
  }
  return said;
}
