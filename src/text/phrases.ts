import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from './language.ts';
import en from './phrases/en.json' with { type: 'json' };

// What the bot says in words of its own, in all languages.

/** A phrase that the bot says, by its key in the catalogues (`phrases/en.json` and its translations). */
export type PhraseKey = keyof typeof en;

/** The values for the placeholders of a phrase, such as `{name}` or `{count, plural, …}` (ICU MessageFormat). */
type PhraseParams = Readonly<Record<string, string | number>>;

/** The catalogues by language. A language is read when it is first needed; its file never changes. */
const catalogues = new Map<Language, Readonly<Record<PhraseKey, string>>>([['en', en]]);

/** Parsed phrases. A phrase is parsed when it is first needed; the catalogues never change. */
const parsed = new Map<string, IntlMessageFormat>();
const joiners = new Map<Language, Intl.ListFormat>();
const joining = new Map<Language, ReadonlySet<string>>();

/** A phrase as it is spoken. The values of its placeholders are put in as they are. */
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

/** A list as it is spoken in a language, such as "a, b, and c". */
export function list(language: Language, parts: readonly string[]): string {
  let joiner = joiners.get(language);
  if (!joiner) {
    joiner = new Intl.ListFormat(language, { type: 'conjunction' });
    joiners.set(language, joiner);
  }
  return joiner.format(parts);
}

/** The words that join the parts of lists in a language, such as "and" and "or", in lower case. */
export function joiningWords(language: Language): ReadonlySet<string> {
  let words = joining.get(language);
  if (!words) {
    const parts = (['conjunction', 'disjunction'] as const).flatMap(type =>
      new Intl.ListFormat(language, { type }).formatToParts(['a', 'b']),
    );
    const literals = parts.filter(({ type }) => type === 'literal').map(({ value }) => value);
    words = new Set(literals.map(value => value.replaceAll(/[^\p{L}\p{M}]+/gu, '').toLowerCase()));
    joining.set(language, words);
  }
  return words;
}
