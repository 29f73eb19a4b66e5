/** The languages in which Parrotfish says words of its own, by their ISO 639-1 codes. */
export const LANGUAGES = [
  'en',
  'ja',
  'es',
  'de',
  'ko',
  'ar',
  'fr',
  'pt',
  'zh',
  'it',
  'ru',
  'nl',
  'pl',
  'tr',
  'uk',
  'vi',
  'id',
  'hi',
  'th',
  'sv',
] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of a locale as Discord names them ("Locales": `en-US`, `pt-BR`, `es-419`, `zh-TW`); else English. */
export function languageOf(locale: string | null | undefined): Language {
  const [primary] = (locale ?? '').toLowerCase().split(/[-_]/, 1);
  return LANGUAGES.find(language => language === primary) ?? 'en';
}
