import type { VoiceQuery } from '../fish/voices.ts';
import { languageIn } from './languages.ts';
import { isBeyondLatin } from './likeness.ts';

const MAX_TEXT = 80;
/** A word must be so long to count as a language: short words of titles may be codes of languages by chance. */
const MIN_NAME = 4;

/**
 * The queries that Fish Audio is asked for what somebody has typed, each only if the one before finds nothing. The name
 * of a language becomes a filter by language; the rest is looked for in the title, or as a tag.
 */
export function queriesFor(typed: string): readonly VoiceQuery[] {
  const text = typed.trim().slice(0, MAX_TEXT);
  const byName = [{ title: text }, { tag: text.toLowerCase() }];
  if (text === '') return [{}];
  const whole = languageIn(text);
  if (whole) return [{ language: whole }, ...byName];
  const words = text.split(/\s+/);
  const named = words.find(
    word => (word.length >= MIN_NAME || isBeyondLatin(word)) && languageIn(word) !== undefined,
  );
  if (named === undefined) return byName;
  const language = languageIn(named);
  const rest = words.filter(word => word !== named).join(' ');
  return [{ language, title: rest }, { language, tag: rest.toLowerCase() }, ...byName];
}
