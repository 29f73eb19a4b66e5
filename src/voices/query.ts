import type { VoiceQuery } from '../fish/voices.ts';
import { languageIn } from './languages.ts';
import { isBeyondLatin } from './likeness.ts';

const MAX_TEXT = 80;
/** Short words of titles are also codes of languages. */
const MIN_NAME = 4;

/**
 * What Fish is asked for a typed text, the next where the one before finds nothing: languages by their names, the
 * rest in the title, or as a tag.
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
