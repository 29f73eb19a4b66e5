import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import en from './en.json' with { type: 'json' };
import { NumberWriter } from './numbers.ts';

// Finds the text that people see for a key, in their language, and fills its placeholders. The texts themselves are in
// the JSON files of this folder; what the bot says aloud is in `src/text/phrases/`.

/** A text that the bot shows to people, by its key in the catalogues (`en.json` and its translations). */
export type MessageKey = keyof typeof en;

/**
 * The values for the placeholders of a text, such as `{channel}` or `{count, plural, …}` (ICU MessageFormat). An array
 * of keys becomes a list of their texts.
 */
export type MessageParams = Readonly<Record<string, string | number | readonly MessageKey[]>>;

/** Returns the text of a key in one language, with its placeholders filled. */
export interface Translate {
  (key: MessageKey, params?: MessageParams): string;
  /** In whose way numbers, dates and money are written: Discord's locale of the reader, such as `es-419`. */
  readonly locale: string;
}

/** The languages that have a catalogue. A text that is missing in one of them is taken from English. */
export const UI_LANGUAGES = ['en', 'ja', 'es', 'de', 'fr', 'pt', 'ko', 'zh'] as const;
type UiLanguage = (typeof UI_LANGUAGES)[number];

/** The locales of Discord's clients that each catalogue is used for (Discord, "Locales"). */
const DISCORD_LOCALES = {
  en: ['en-US', 'en-GB'],
  ja: ['ja'],
  es: ['es-ES', 'es-419'],
  de: ['de'],
  fr: ['fr'],
  pt: ['pt-BR'],
  ko: ['ko'],
  zh: ['zh-CN', 'zh-TW'],
} as const satisfies Record<UiLanguage, readonly string[]>;

type Catalogue = Readonly<Record<MessageKey, string>>;

const catalogues = Object.fromEntries(
  UI_LANGUAGES.map(language => [
    language,
    JSON.parse(readFileSync(new URL(`${language}.json`, import.meta.url), 'utf8')) as Catalogue,
  ]),
) as Readonly<Record<UiLanguage, Catalogue>>;

/** How the values of placeholders are written. */
const FORMATTERS = {
  getNumberFormat: (...how: ConstructorParameters<typeof Intl.NumberFormat>) => new NumberWriter(...how),
  getDateTimeFormat: (...how: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
    new Intl.DateTimeFormat(...how),
  getPluralRules: (...how: ConstructorParameters<typeof Intl.PluralRules>) => new Intl.PluralRules(...how),
};

/** Parsed texts. A text is parsed when it is first needed; the catalogues never change. */
const parsed = new Map<string, IntlMessageFormat>();

function languageOf(locale: string): UiLanguage {
  const [primary] = locale.split('-');
  return UI_LANGUAGES.find(language => language === primary) ?? 'en';
}

/**
 * The translator for one of Discord's locales, such as `pt-BR`; the English one if there is no catalogue for it. It
 * writes numbers as people of that locale do, who may write them otherwise than others of the same language.
 */
export function translator(locale: string): Translate {
  const language = languageOf(locale);
  const writtenAs = locale.split('-', 1)[0] === language ? locale : language;
  const t = (key: MessageKey, params: MessageParams = {}): string => {
    const id = `${writtenAs} ${key}`;
    let format = parsed.get(id);
    if (!format) {
      format = new IntlMessageFormat(rawText(language, key), writtenAs, undefined, {
        ignoreTag: true,
        formatters: FORMATTERS,
      });
      parsed.set(id, format);
    }
    const filled = Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'object' ? value.map(each => t(each)).join(', ') : value,
    ]);
    return String(format.format(Object.fromEntries(filled) as Record<string, string | number>));
  };
  return Object.assign(t, { locale: writtenAs });
}

function rawText(language: UiLanguage, key: MessageKey): string {
  return catalogues[language][key] ?? catalogues.en[key];
}

/** A text without placeholders in all of Discord's locales but English, in the form that Discord's commands take. */
export function localisations(key: MessageKey): Record<string, string> {
  return Object.fromEntries(
    UI_LANGUAGES.filter(language => language !== 'en').flatMap(language =>
      DISCORD_LOCALES[language].map(locale => [locale, rawText(language, key)]),
    ),
  );
}
