import type { VoiceQuery } from '../fish/voices.ts';
import { languageIn } from './languages.ts';
import { isBeyondLatin } from './likeness.ts';

// Turns what somebody has typed to find a voice, such as "calm german", into searches that Fish Audio understands.
// `ranking.ts` searches the voices in memory.

const MAX_TEXT = 80;
/** The shortest word that counts as a language: short words of titles may be codes of languages by chance. */
const MIN_NAME = 4;

/**
 * The queries that Fish Audio is asked for what somebody has typed, each only if the one before finds nothing. The name
 * of a language becomes a filter by language; the rest is looked for in the title, or as a tag.
 */
export function queriesFor(typed: string): readonly VoiceQuery[] {
  const text = typed.trim().slice(0, MAX_TEXT);
  const byName = [{ title: text }, { tag: text.toLowerCase() }];
  if (text === '') return [{}];
  const meant = languageMeant(text);
  if (!meant) return byName;
  const { language, rest } = meant;
  if (rest === '') return [{ language }, ...byName];
  return [{ language, title: rest }, { language, tag: rest.toLowerCase() }, ...byName, { language }];
}

/**
 * The language that somebody names in what they have typed, such as `de` for "calm german", and what else stands there.
 * Undefined when they name none.
 */
export function languageMeant(
  typed: string,
): { readonly language: string; readonly rest: string } | undefined {
  const text = typed.trim();
  const whole = languageIn(text);
  if (whole !== undefined) return { language: whole, rest: '' };
  const words = text.split(/\s+/);
  const named = words.find(
    word => (word.length >= MIN_NAME || isBeyondLatin(word)) && languageIn(word) !== undefined,
  );
  const language = named === undefined ? undefined : languageIn(named);
  if (language === undefined) return undefined;
  return { language, rest: words.filter(word => word !== named).join(' ') };
}
