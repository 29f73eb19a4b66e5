import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from './language.ts';
import en from './phrases/en.json' with { type: 'json' };

/** The words of its own that the bot says, by their key in the catalogues (`phrases/en.json` and its equals). */
export type PhraseKey = keyof typeof en;

/** What stands in the placeholders of a phrase, in ICU MessageFormat: `{name}`, `{count, plural, …}`. */
type PhraseParams = Readonly<Record<string, string | number>>;

/** One language at a time, as they are first needed: a pure function of the files. */
const catalogues = new Map<Language, Readonly<Record<PhraseKey, string>>>([['en', en]]);

/** Phrases taken apart, as they are first needed: a pure function of the catalogues. */
const parsed = new Map<string, IntlMessageFormat>();
const joiners = new Map<Language, Intl.ListFormat>();

/** A phrase as it is spoken; what is put into its placeholders stands there as it is, letter by letter. */
export function phrase(language: Language, key: PhraseKey, params: PhraseParams = {}): string {
  const id = `${language} ${key}`;
  let format = parsed.get(id);
  if (!format) {
    format = new IntlMessageFormat(phrasesIn(language)[key], language, undefined, { ignoreTag: true });
    parsed.set(id, format);
  }
  return String(format.format(params));
}

function phrasesIn(language: Language): Readonly<Record<PhraseKey, string>> {
  let phrases = catalogues.get(language);
  if (!phrases) {
    const file = new URL(`phrases/${language}.json`, import.meta.url);
    phrases = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<PhraseKey, string>>;
    catalogues.set(language, phrases);
  }
  return phrases;
}

/** Several things said one after another: "a, b, and c". */
export function list(language: Language, parts: readonly string[]): string {
  let joiner = joiners.get(language);
  if (!joiner) {
    joiner = new Intl.ListFormat(language, { type: 'conjunction' });
    joiners.set(language, joiner);
  }
  return joiner.format(parts);
}
