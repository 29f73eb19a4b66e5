/** The languages in which the bot can say words of its own, as ISO 639-1 codes. */
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

/**
 * The language of a locale such as `en-US`, `pt-BR` or `es-419` (Discord, "Locales"); English if it is none of these.
 */
export function languageOf(locale: string | null | undefined): Language {
  const [primary] = (locale ?? '').toLowerCase().split(/[-_]/, 1);
  return LANGUAGES.find(language => language === primary) ?? 'en';
}
