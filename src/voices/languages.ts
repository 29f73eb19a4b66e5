import { isBeyondLatin, likenessTo, type Word, wordOf } from './likeness.ts';
import { foldForSearch } from './words.ts';

// Knows the languages of voices, by their names in many languages and by their codes.

/** The languages that a voice may have, as ISO 639-1 codes. */
const CODES = (
  'en ja es de fr pt ko zh it ru ar nl pl tr uk vi id hi th sv da no fi cs sk sl hr sr bg ro hu el he fa ur bn ta te ' +
  'mr gu ml kn pa ms tl sw ca eu gl et lv lt is ga cy af ka hy az kk uz mn ne si km lo my'
).split(' ');
/** The name of a language is known in that language itself and in each of these. */
const NAMED_IN = ['en', 'ja', 'es', 'de', 'fr', 'pt', 'ko', 'zh', 'it', 'ru'];
/** A word that is the name of the voice's language counts for nearly as much as a word of the voice's title. */
const WEIGHT = 0.97;
/** The least Latin letters that stand for the beginning of a name: shorter texts fit too many. */
const MIN_LATIN = 3;

/** The names of languages in the language of each locale, which take a while to make. */
const displayNames = new Map<string, Intl.DisplayNames>();

/** Language codes by the names of the languages, folded. */
const NAMES: ReadonlyMap<string, string> = new Map(
  CODES.flatMap(code =>
    [...NAMED_IN, code].map(named => [foldForSearch(languageName(code, named)), code] as const),
  ),
);
const WORDS: readonly (readonly [Word, string])[] = [...NAMES].map(([name, code]) => [wordOf(name), code]);

/** The name of a language (an ISO 639-1 code) in the language of a locale; the code itself if it has no name. */
export function languageName(code: string, locale: string): string {
  try {
    return namesIn(locale).of(code) ?? code;
  } catch (error) {
    if (error instanceof RangeError) return code; // Fish Audio has codes that are no languages
    throw error;
  }
}

/** Throws RangeError if the locale is none. */
function namesIn(locale: string): Intl.DisplayNames {
  const known = displayNames.get(locale);
  if (known) return known;
  const names = new Intl.DisplayNames([locale], { type: 'language' });
  displayNames.set(locale, names);
  return names;
}

/** The code of the language whose code or name the text is; undefined if it is none. */
export function languageIn(text: string): string | undefined {
  const folded = foldForSearch(text);
  return CODES.find(code => code === folded) ?? NAMES.get(folded);
}

/** The codes of the languages that a folded word may mean, each with how well the word fits it, from 0 to 1. */
export function languagesLike(typed: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (CODES.includes(typed)) found.set(typed, WEIGHT);
  if (typed.length < MIN_LATIN && !isBeyondLatin(typed)) return found;
  const like = likenessTo(typed);
  for (const [name, code] of WORDS) {
    const value = WEIGHT * like(name);
    if (value > (found.get(code) ?? 0)) found.set(code, value);
  }
  return found;
}
